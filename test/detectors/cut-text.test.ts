import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "../../lib/detectors/cut-text.ts";

const bytes = (text: string) => new TextEncoder().encode(text).length;

describe("cutText", () => {
  it("leaves a text alone that is short enough", () => {
    expect(cutText("", 100, 10)).toEqual([{ start: 0, end: 0 }]);
    expect(cutText("é".repeat(50), 100, 10)).toEqual([{ start: 0, end: 50 }]);
  });

  it("cuts at blanks, with an overlap", () => {
    const text = "one two three four five six seven eight nine ten";

    expect(cutText(text, 30, 3).map(({ start, end }) => text.slice(start, end))).toEqual([
      "one two three four five six ",
      "six seven eight nine ten",
    ]);
  });

  it("refuses an overlap with which it would not get on", () => {
    expect(() => cutText("text", 99, 10)).toThrow("too long");
  });

  it("loses nothing, cuts no character, keeps the limit, and has every short stretch whole", () => {
    const text = fc.array(
      fc.oneof(fc.constantFrom(" ", "\n"), fc.string({ unit: "grapheme", maxLength: 30 }), fc.constant("😀")),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(text, fc.integer({ min: 100, max: 200 }), fc.nat(), (words, maxBytes, chosen) => {
        const whole = words.join("").toWellFormed();
        const overlap = 10;

        const pieces = cutText(whole, maxBytes, overlap);

        expect(pieces[0]?.start).toBe(0);
        expect(pieces.at(-1)?.end).toBe(whole.length);
        for (const { start, end } of pieces) {
          const piece = whole.slice(start, end);
          expect(piece.isWellFormed()).toBe(true);
          expect(bytes(piece)).toBeLessThanOrEqual(maxBytes);
        }
        const from = chosen % Math.max(1, whole.length);
        const to = Math.min(whole.length, from + overlap - 1);
        expect(pieces.some(({ start, end }) => start <= from && to <= end)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
