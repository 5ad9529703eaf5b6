import fc from "fast-check";
import { expect, it } from "vitest";
import { toPlainCharacters } from "../../../../lib/core/detect/structured/plain-characters.ts";

it.each([
  ["٠١٢٣ ٤٥٦", "0123 456"],
  ["９７８－１", "978-1"],
  ["१२३", "123"],
  ["4111\u00a01111\u202f1111", "4111 1111 1111"],
  ["415\u2011555\u20132671", "415-555-2671"],
  ["jane＠example．com", "jane@example.com"],
  ["Größe 5 µm, 東京", "Größe 5 µm, 東京"],
])("reads %s as %s", (text, plain) => {
  expect(toPlainCharacters(text)).toBe(plain);
});

it("never moves anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(toPlainCharacters(text)).toHaveLength(text.length);
    }),
  );
});
