import { describe, expect, it } from "vitest";
import { attribute, levelOf } from "../../../../lib/core/detect/names/attributes.ts";
import { loadLexicon } from "../../../../lib/core/detect/names/lexicon.ts";
import { tokenize } from "../../../../lib/core/detect/names/tokens.ts";

const lexicon = loadLexicon();

function wordsOf(text: string): string[] {
  const tokens = tokenize(text, lexicon);
  return tokens.start.map((start, at) => text.slice(start, tokens.end[at]));
}

describe("tokenize", () => {
  it.each([
    ["O'Brien's car, isn't it?", ["O'Brien", "car", "isn't", "it"]],
    ["Jean-Pierre (35)", ["Jean", "Pierre", "35"]],
    ["Дмитрий и José", ["Дмитрий", "и", "José"]],
    ["", []],
    ["…!?", []],
  ])("cuts %j into words", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  it("tells words that are part of an identifier, a path or an address of the web", () => {
    const text = "john.smith@example.com src/Anna/index.ts user_name Maria. Next";
    const tokens = tokenize(text, lexicon);

    const free = tokens.start.flatMap((start, at) => (tokens.glued[at] ? [] : [text.slice(start, tokens.end[at])]));

    expect(free).toContain("Maria");
    expect(free).toContain("Next");
    expect(free).not.toContain("smith");
    expect(free).not.toContain("Anna");
    expect(free).not.toContain("name");
  });
});

describe("the lexicon", () => {
  it("knows first names, surnames, words and places, and what is several of them", () => {
    const [natalia = 0, smith = 0, table = 0, will = 0, berlin = 0, nothing = 0] = tokenize(
      "Natalia Smith table Will Berlin Qwrtzpl",
      lexicon,
    ).attributes;

    expect(levelOf(natalia, attribute.first)).toBe(3);
    expect(levelOf(smith, attribute.last)).toBe(3);
    expect(levelOf(table, attribute.word)).toBe(3);
    expect(levelOf(will, attribute.first)).toBeGreaterThan(0);
    expect(levelOf(will, attribute.word)).toBe(3);
    expect(levelOf(berlin, attribute.place)).toBe(3);
    expect(nothing).toBe(0);
  });
});
