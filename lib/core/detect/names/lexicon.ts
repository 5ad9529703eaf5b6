import { hashFolded } from "./characters.ts";
import { cueWords } from "./cues.ts";
import { visitHashes } from "./front-coding.ts";
import { lexiconData } from "./lexicon-data.ts";

/** What is known of words, by their hash (characters.ts). */
export type Lexicon = {
  /** See attributes.ts; 0 for an unknown word. */
  attributes(hash: number): number;
  /** See cues.ts; 0 for a word without a class. */
  cue(hash: number): number;
};

// Two thirds full with the lexicon's 180,000 words.
const bits = 18;
const mask = (1 << bits) - 1;

/**
 * An open hash table on 32-bit hashes alone: of 10,000 unknown words less than one is taken for a known one, and in
 * return no word is ever made from the text.
 */
export function loadLexicon(): Lexicon {
  const keys = new Int32Array(1 << bits);
  // The attributes in the low byte, the cue in the high one.
  const values = new Uint16Array(1 << bits);

  function slot(hash: number): number {
    let at = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - bits);
    while (keys[at] !== 0 && keys[at] !== hash) at = (at + 1) & mask;
    return at;
  }

  for (const [attributes, words] of lexiconData)
    visitHashes(words, (hash) => {
      const at = slot(hash);
      keys[at] = hash;
      values[at] = attributes;
    });
  for (const [word, cue] of cueWords) {
    const hash = hashFolded(word);
    const at = slot(hash);
    keys[at] = hash;
    if ((values[at] ?? 0) < 256) values[at] = (values[at] ?? 0) | (cue << 8);
  }
  return {
    attributes: (hash) => (values[slot(hash)] ?? 0) & 255,
    cue: (hash) => (values[slot(hash)] ?? 0) >> 8,
  };
}
