import { describe, expect, it } from "vitest";
import { readRows } from "../../bench/eval-pii/rows.ts";
import { countUnscored, scoreTexts, scoreTypes } from "../../bench/eval-pii/score.ts";
import type { Finding } from "../../lib/core/detect/finding.ts";

const rows = readRows(
  [
    {
      id: "1",
      text: "Ann at ann@x.org",
      spans: [
        { type: "PERSON", start: 0, end: 3 },
        { type: "EMAIL_ADDRESS", start: 7, end: 16 },
      ],
    },
    { id: "2", text: "Berlin", spans: [{ type: "GPE", start: 0, end: 6 }] },
    { id: "3", text: "Bob", spans: [{ type: "PERSON", start: 0, end: 3 }] },
  ]
    .map((row) => JSON.stringify(row))
    .join("\n"),
);
const found: Finding[][] = [
  [{ type: "name", start: 0, end: 2, confidence: 1 }],
  [{ type: "name", start: 0, end: 6, confidence: 1 }],
  [],
];
const scored = rows.map((row, at) => ({ row, findings: found[at] ?? [] }));

describe("the scores of detection", () => {
  it("count a stretch as found when a finding of its type overlaps it", () => {
    const { types } = scoreTypes(scored);

    expect(types.get("name")).toMatchObject({
      wanted: 2,
      found: 1,
      reported: 2,
      right: 1,
      recall: 0.5,
      precision: 0.5,
    });
    expect(types.get("email")).toMatchObject({ wanted: 1, found: 0, recall: 0, precision: null });
  });

  it("count a text by whether anything of the group is in it", () => {
    expect(scoreTexts(scored, "any")).toMatchObject({ wanted: 2, found: 1, reported: 2, right: 1 });
    expect(scoreTexts(scored, "structured")).toMatchObject({ wanted: 1, found: 0, reported: 0 });
  });

  it("name the labels that are not scored", () => {
    expect(countUnscored(rows)).toEqual(new Map([["GPE", 1]]));
  });

  it("refuse a line that has no text, and say which", () => {
    expect(() => readRows('{"text":"a"}\n\n{"id":1}')).toThrow("Line 3");
  });
});
