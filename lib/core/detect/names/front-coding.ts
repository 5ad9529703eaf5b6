// Sorted words share beginnings: each word is written as one character for how many letters it takes over from the
// word before (0 is "0", 1 is "1", 10 is ":"), and the letters that follow. Letters are "a" or above, so the two never mix.
const zero = 0x30;
const firstLetter = 0x61;
export const maxShared = firstLetter - zero - 5;

export function encodeWords(sorted: readonly string[]): string {
  let encoded = "";
  let before = "";
  for (const word of sorted) {
    let shared = 0;
    while (shared < maxShared && shared < before.length && before[shared] === word[shared]) shared++;
    encoded += String.fromCharCode(zero + shared) + word.slice(shared);
    before = word;
  }
  return encoded;
}

/**
 * Calls `visit` with the hash of each word, without making the words. `step` adds a unit to a hash; the hashes of a
 * word's beginnings are kept, so a shared beginning is hashed once.
 */
export function visitHashes(
  encoded: string,
  seed: number,
  step: (hash: number, unit: number) => number,
  visit: (hash: number) => void,
): void {
  const hashes = new Int32Array(256).fill(seed, 0, 1);
  let length = 0;
  for (let at = 0; at < encoded.length; at++) {
    const unit = encoded.charCodeAt(at);
    if (unit >= firstLetter) {
      hashes[length + 1] = step(hashes[length] ?? seed, unit);
      length++;
    } else {
      if (at > 0) visit(hashes[length] ?? seed);
      length = unit - zero;
    }
  }
  if (encoded.length > 0) visit(hashes[length] ?? seed);
}
