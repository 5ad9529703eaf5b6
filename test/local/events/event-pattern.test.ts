import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../lib/local/events/event-pattern.ts";

const event = { source: "aws.s3", detail: { bucket: { name: "b" }, object: { key: "uploads/a.jsonl", size: 3 } } };

describe("compilePattern", () => {
  it.each([
    ["an exact value", { source: ["aws.s3"] }, true],
    ["another value", { source: ["aws.sqs"] }, false],
    ["one of several values", { source: ["x", "aws.s3"] }, true],
    ["a number", { detail: { object: { size: [3] } } }, true],
    ["all fields", { source: ["aws.s3"], detail: { bucket: { name: ["other"] } } }, false],
    ["a prefix", { detail: { object: { key: [{ prefix: "uploads/" }] } } }, true],
    ["another prefix", { detail: { object: { key: [{ prefix: "results/" }] } } }, false],
    ["a suffix", { detail: { object: { key: [{ suffix: ".jsonl" }] } } }, true],
    ["a wildcard", { detail: { object: { key: [{ wildcard: "uploads/*.jsonl" }] } } }, true],
    ["a wildcard with a dot that is a dot", { detail: { object: { key: [{ wildcard: "uploads/*xjsonl" }] } } }, false],
    ["a field that is not there", { detail: { reason: ["PutObject"] } }, false],
  ])("matches by %s", (_what, pattern, expected) => {
    expect(compilePattern(pattern, "Rule")(event)).toBe(expected);
  });

  it("refuses an operator that it does not know, naming the rule", () => {
    expect(() => compilePattern({ source: [{ "anything-but": "x" }] }, "Uploads")).toThrow(/^Uploads: .*anything-but/);
  });
});
