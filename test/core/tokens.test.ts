import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateTokens } from "../../lib/core/tokens.ts";

/** Texts written for this test, and what o200k_base makes of them, counted once with gpt-tokenizer 3. */
const counted: [what: string, text: string, tokens: number][] = [
  [
    "a question",
    "My new card still has not arrived after two weeks. Could you please tell me where it is and whether I should order another one?",
    27,
  ],
  [
    "a word problem",
    "A bakery sells 48 rolls in the morning and half as many in the afternoon. Each roll costs $1.25. How much money does the bakery take in on that day?",
    37,
  ],
  [
    "an article",
    "Machine learning is a branch of artificial intelligence that lets computers learn from data and make predictions without being programmed for every case. In recent years, larger data sets and faster hardware have brought remarkable progress in vision, speech and translation, although the energy that training takes remains a serious concern for researchers.",
    58,
  ],
  [
    "a letter with names and numbers",
    "Dear Ms Katarzyna Wojciechowska,\n\nyour appointment on 14 March 2025 at 09:30 is confirmed. Please bring your insurance card (no. 4471-8823) and call +49 30 1234567 if you cannot come.\n\nKind regards,\nDr. Okonkwo",
    66,
  ],
  [
    "code",
    "function total(items: Item[]): number {\n  let sum = 0;\n  for (const item of items) {\n    sum += item.price * item.count;\n  }\n  return sum;\n}\n",
    40,
  ],
  [
    "JSON",
    '{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0},"tags":{"type":"array","items":{"type":"string"}}},"required":["name"]}',
    42,
  ],
  [
    "German",
    "Bitte schreiben Sie dem Kunden eine freundliche E-Mail, dass sich die Lieferung seiner Bestellung leider um zwei Wochen verzögert, und bieten Sie ihm einen Gutschein an.",
    33,
  ],
  ["Japanese", "お客様に製品の出荷が二週間遅れることを丁寧に伝えるメールを書いてください。", 27],
];

describe("estimateTokens", () => {
  it.each(counted)("is within a fifth of a real tokenizer on %s", (_what, text, tokens) => {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens * 0.8);
    expect(estimateTokens(text)).toBeLessThanOrEqual(tokens * 1.2);
  });

  it("is nought for nothing", () => {
    expect(estimateTokens("")).toBe(0);
  });

  it("grows with the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (head, tail) => {
        expect(estimateTokens(`${head}\n${tail}`) + 1).toBeGreaterThanOrEqual(estimateTokens(head));
      }),
    );
  });

  it("adds up over parts, so that it is linear", () => {
    const sentence = "The quick brown fox jumps over the lazy dog. ";
    const once = estimateTokens(sentence.repeat(100));

    expect(estimateTokens(sentence.repeat(10_000)) / once).toBeCloseTo(100, 0);
  });
});
