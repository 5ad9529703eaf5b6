/**
 * A set of 128-bit hashes in flat memory: 16 bytes an entry at most half full, where a set of strings takes over 100.
 * The hash of all zeros stands for an empty place and is taken as 1.
 */
export class HashSet {
  #words = new Uint32Array(4 * 1024);
  #size = 0;

  /** Adds a hash of 16 bytes; false when it was there. */
  add(hash: Uint8Array): boolean {
    if (this.#size * 4 * 2 >= this.#words.length) this.#grow();
    const view = new DataView(hash.buffer, hash.byteOffset, 16);
    const added = insert(this.#words, view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12) || 1);
    if (added) this.#size += 1;
    return added;
  }

  #grow(): void {
    const old = this.#words;
    const words = new Uint32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const last = old[at + 3] ?? 0;
      if (last !== 0) insert(words, old[at] ?? 0, old[at + 1] ?? 0, old[at + 2] ?? 0, last);
    }
    this.#words = words;
  }
}

function insert(words: Uint32Array, a: number, b: number, c: number, d: number): boolean {
  const places = words.length / 4;
  for (let place = a % places; ; place = (place + 1) % places) {
    const at = place * 4;
    if (words[at + 3] === 0) {
      words[at] = a;
      words[at + 1] = b;
      words[at + 2] = c;
      words[at + 3] = d;
      return true;
    }
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return false;
  }
}
