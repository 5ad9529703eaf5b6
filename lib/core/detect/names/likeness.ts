import { characterKind, hashLetter, hashUnit, kindOfCode } from "./characters.ts";

/** How much a word looks like a name by its letters, as log odds in eighths: against a common word, against a place. */
export type Likeness = { word: number; place: number };

const bits = 12;
export const likenessBuckets = 1 << bits;
const edge = 0x5e;

/** Calls `visit` with the bucket of each run of 2, 3 and 4 letters of a word, its edges being letters too. */
export function visitRuns(text: string, start: number, end: number, visit: (bucket: number) => void): void {
  let three = 0;
  let two = 0;
  let one = edge;
  for (let at = start; at <= end; at++) {
    let letter = edge;
    if (at < end) {
      const code = text.charCodeAt(at);
      const kind = kindOfCode(code);
      if (kind === characterKind.mark || kind === characterKind.apostrophe) continue;
      letter = hashLetter(0x811c9dc5, code) & 0xffff;
    }
    visit(bucketOf(hashUnit(hashUnit(2, one), letter)));
    if (two !== 0) visit(bucketOf(hashUnit(hashUnit(hashUnit(3, two), one), letter)));
    if (three !== 0) visit(bucketOf(hashUnit(hashUnit(hashUnit(hashUnit(4, three), two), one), letter)));
    three = two;
    two = one;
    one = letter;
  }
}

function bucketOf(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - bits);
}

/** Reads the two tables of weights: signed bytes in base64, words first. */
export function createLikeness(weights: Int8Array): (text: string, start: number, end: number) => Likeness {
  return (text, start, end) => {
    let word = 0;
    let place = 0;
    // A word of a hundred letters is no name, and its first forty say so.
    visitRuns(text, start, Math.min(end, start + 40), (bucket) => {
      word += weights[bucket] ?? 0;
      place += weights[likenessBuckets + bucket] ?? 0;
    });
    return { word, place };
  };
}
