import { emptyHash } from "./characters.ts";

// Sorted words share beginnings: each word is written as one character for how many letters it takes over from the
// word before (0 is "0", 1 is "1", 10 is ":"), and the letters that follow. Letters are "a" or above, so the two never mix.
const zero = 0x30;
const firstLetter = 0x61;
const maxShared = firstLetter - zero - 5;

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
 * Calls `visit` with the FNV-1a hash (characters.ts) of each word, without making the words. The hashes of a word's
 * beginnings are kept, so that a shared beginning is hashed once.
 */
export function visitHashes(encoded: string, visit: (hash: number) => void): void {
  const hashes = new Int32Array(256);
  hashes[0] = emptyHash;
  let length = 0;
  let hash: number = emptyHash;
  for (let at = 0; at < encoded.length; at++) {
    const unit = encoded.charCodeAt(at);
    if (unit >= firstLetter) {
      hash = Math.imul(hash ^ unit, 0x01000193);
      length++;
      hashes[length] = hash;
    } else {
      if (at > 0) visit(hash);
      length = unit - zero;
      hash = hashes[length] ?? 0;
    }
  }
  if (encoded.length > 0) visit(hash);
}
