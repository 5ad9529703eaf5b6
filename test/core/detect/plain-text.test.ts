import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDetector } from "../../../lib/core/detect/create-detector.ts";
import { inPlainText } from "../../../lib/core/detect/plain-text.ts";

/** The plain text that a detector is given. */
function read(original: string): string {
  let plain = original;
  inPlainText((text) => {
    plain = text;
    return [];
  })(original);
  return plain;
}

describe("inPlainText", () => {
  it.each([
    ["٠١٢٣ ٤٥٦", "0123 456"],
    ["９７８－１", "978-1"],
    ["१२३", "123"],
    ["𑁦𑁧𑁨", "012"],
    ["4111\u00a01111\u202f1111", "4111 1111 1111"],
    ["415\u2011555", "415-555"],
    ["jane＠example．com", "jane@example.com"],
    ["𝟒𝟏𝟏𝟏 𝟜𝟙 𝟺𝟷", "4111 41 41"],
    ["𝓙𝓪𝓷𝓮 ⓓⓞⓔ 🅓🅞🅔 🅳🅾🅴", "Jane doe DOE DOE"],
    ["④①⑩ ⑷⑴ ⒈ ❹❶ ➃➀ ➍➊ ⓿⓫", "4110 41 1 41 41 41 011"],
    ["4\u200b1\u200d1\u2060\ufeff1\u00ad1\ufe0f", "41111"],
    ["4\ufe0f\u20e31\ufe0f\u20e3", "41"],
    ["4\u03321\u0332", "41"],
    ["x⁴¹ x₄", "x41 x4"],
    ["ﬁle №4", "file No4"],
    ["Größe 5 µm, 東京, Zoe\u0308, naïve… 50 ½ Acme™", "Größe 5 µm, 東京, Zoe\u0308, naïve… 50 ½ Acme™"],
    ["jane&#64;example&#x2E;com &lt;a&amp;b&gt;", "jane@example.com <a&b>"],
    ["4111&nbsp;1111&#160;1111", "4111 1111 1111"],
    ["415&#8209;555&hyphen;2671", "415-555-2671"],
    ["jane%40example.com %2B1%20415", "jane@example.com +1 415"],
    ["&#x1D7D2;&#1633;", "41"],
    ["5% 4%2 AT&T &nosuch; &#0; &#55296; &#9999999; 100%25", "5% 4%2 AT&T &nosuch; &#0; &#55296; &#9999999; 100%25"],
  ])("reads %j as %j", (text, plain) => {
    expect(read(text)).toBe(plain);
  });

  it("gives places around what HTML and URLs encode", () => {
    const detect = createDetector({ phoneRegions: ["US"] });
    const placed = (text: string) => detect(text).map(({ start, end }) => text.slice(start, end));

    expect(placed("Mail jane.doe&#64;example.com&nbsp;today")).toEqual(["jane.doe&#64;example.com"]);
    expect(placed("?email=jane.doe%40example.com&x=1")).toEqual(["jane.doe%40example.com"]);
    expect(placed("card 4111&nbsp;1111&nbsp;1111&nbsp;1111")).toEqual(["4111&nbsp;1111&nbsp;1111&nbsp;1111"]);
    expect(placed("call 415&#8209;555&#8209;2671 &amp; ask")).toEqual(["415&#8209;555&#8209;2671"]);
  });

  it("gives places in the text that it was given", () => {
    const detect = inPlainText((text) => {
      const start = text.indexOf("1234");
      return [{ type: "phone", start, end: start + 4, confidence: 1 }];
    });

    const placed = (text: string) => detect(text).map(({ start, end }) => text.slice(start, end));

    expect(placed("😀\u200b a 1\u200b𝟐\u200b③4\u200b b")).toEqual(["1\u200b𝟐\u200b③4"]);
    expect(placed("⑪ 1234")).toEqual(["1234"]);
    expect(placed("12\u200b⑩ and １２３４")).toEqual(["１２３４"]);
  });

  it("gives places within the text, in order, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 60 }), (original) => {
        const each = inPlainText((text) =>
          Array.from(text, (_, at) => ({ type: "name", start: at, end: at + 1, confidence: 1 }) as const),
        )(original);

        let behind = 0;
        for (const { start, end } of each) {
          expect(start).toBeGreaterThanOrEqual(behind);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(original.length);
          behind = start;
        }
      }),
    );
  });
});

describe("a text that is not plain", () => {
  const detect = createDetector({ phoneRegions: ["US"] });

  it.each([
    ["𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏", "creditCard", "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏"],
    ["④①①①①①①①①①①①①①①①", "creditCard", "④①①①①①①①①①①①①①①①"],
    ["j\u200ba\u200bne@example.com", "email", "j\u200ba\u200bne@example.com"],
    ["My name is 𝓙𝓪𝓷𝓮 𝓓𝓸𝓮.", "name", "𝓙𝓪𝓷𝓮 𝓓𝓸𝓮"],
    ["I am Ｊａｎｅ Ｄｏｅ", "name", "Ｊａｎｅ Ｄｏｅ"],
    ["My name is J\u200bane D\u200boe.", "name", "J\u200bane D\u200boe"],
    ["SSN 123\u200b-45\u2060-6789", "nationalId", "123\u200b-45\u2060-6789"],
  ])("hides nothing: %j", (text, type, value) => {
    expect(detect(text).map((finding) => [finding.type, text.slice(finding.start, finding.end)])).toContainEqual([
      type,
      value,
    ]);
  });

  it.each(["\u200b", "𝟒𝟏𝟏𝟏 ", "4\u200b", "１ ", "④", "4\u0332", "Ｊane ", "\ud835", "😀"])(
    "is read in time linear in its length: %j",
    (unit) => {
      const text = unit.repeat(500_000 / unit.length);
      detect(text.slice(0, 50_000));
      const startedAt = performance.now();

      detect(text);

      // A tenth of it on a quiet machine. Quadratic time would be minutes.
      expect(performance.now() - startedAt).toBeLessThan(3_000);
    },
  );
});
