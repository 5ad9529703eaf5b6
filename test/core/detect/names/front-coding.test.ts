import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldWord, hashFolded } from "../../../../lib/core/detect/names/characters.ts";
import { encodeWords, visitHashes } from "../../../../lib/core/detect/names/front-coding.ts";

const letters = fc.constantFrom(..."abcxyzßñжא".split(""));
const words = fc.uniqueArray(fc.string({ unit: letters, minLength: 1, maxLength: 60 }));

describe("front coding", () => {
  it("gives back the hash of each word, in order", () => {
    fc.assert(
      fc.property(words, (unsorted) => {
        const sorted = unsorted.sort();
        const hashes: number[] = [];

        visitHashes(encodeWords(sorted), (hash) => hashes.push(hash));

        expect(hashes).toEqual(sorted.map(hashFolded));
      }),
    );
  });
});

describe("foldWord", () => {
  it.each([
    ["Žilková", "zilkova"],
    ["O'Brien", "obrien"],
    ["Åström", "astrom"],
    ["Straße", "strasse"],
    ["Łukasz", "lukasz"],
    ["Þórður", "thordur"],
    ["Nguyễn", "nguyen"],
    ["Γιώργος", "γιωργοσ"],
  ])("folds %s to %s, composed or not", (word, folded) => {
    expect(foldWord(word.normalize("NFC"))).toBe(folded);
    expect(foldWord(word.normalize("NFD"))).toBe(folded);
  });
});
