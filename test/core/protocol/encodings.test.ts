import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePick, encodePick } from "../../../lib/core/protocol/pick.ts";
import {
  decodeSegment,
  encodeSegment,
  recordTexts,
  type SegmentRecord,
  segmentOf,
} from "../../../lib/core/protocol/segment.ts";
import { freshShard, lineage, parentId, placeOf } from "../../../lib/core/protocol/shard.ts";

describe("a pick", () => {
  it("says which of its parent's jobs a child has", () => {
    const indices = fc.uniqueArray(fc.nat({ max: 199 })).map((some) => some.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(indices, (some) => {
        expect(decodePick(encodePick(some, 200))).toEqual(some);
      }),
    );
  });

  it("of 200 jobs is 25 bytes", () => {
    expect(atob(encodePick([199], 200))).toHaveLength(25);
  });
});

describe("a segment", () => {
  const attempt = (deployment: string, costNanoUsd: number) =>
    ({
      deployment,
      outcome: "ok",
      startedAtMs: 1,
      latencyMs: 2,
      inputTokens: 3,
      outputTokens: 4,
      costNanoUsd,
    }) as const;
  const records: SegmentRecord[] = [
    { line: 7, attempts: [attempt("a", 5), attempt("b", 6)], result: { kind: "cancelled" } },
    { line: 2, attempts: [attempt("a", 1)] },
    { line: 4, attempts: [], result: { kind: "failed", error: { code: "internal", message: "two\nlines\u2028" } } },
  ];

  it("has the counts and cost that its records say, in ascending order of lines", () => {
    const { header, records: sorted } = segmentOf(records, {});

    expect(header.counts).toEqual({ succeeded: 0, failed: 1, cancelled: 1 });
    expect(header.costNanoUsd).toEqual({ a: 6, b: 6 });
    expect(sorted.map(({ line }) => line)).toEqual([2, 4, 7]);
  });

  it("of a version to come is not read as if it were of this one", () => {
    const text = encodeSegment(segmentOf(records, {})).replace('{"v":1,', '{"v":2,');

    expect(() => recordTexts(text)).toThrow();
    expect(() => decodeSegment(text)).toThrow();
  });

  it("reads as it was written", () => {
    const segment = segmentOf(records, {
      "0.0": freshShard({ deployment: "a", zone: "restricted", lines: 1, pick: "AQ==" }),
    });

    expect(decodeSegment(encodeSegment(segment))).toEqual(segment);
  });
});

describe("a shard", () => {
  it("knows its parents by its id", () => {
    expect(parentId("3")).toBeUndefined();
    expect(parentId("3.0.12")).toBe("3.0");
    expect(lineage("3.0.12")).toEqual(["3", "3.0", "3.0.12"]);
  });

  it("whose own deployment is excluded belongs to fallback", () => {
    const shard = freshShard({ deployment: "constructor", zone: "general", lines: 1 });

    expect(placeOf(shard)).toBe("lane");
    expect(placeOf({ ...shard, excluded: { other: "permanent" } })).toBe("lane");
    expect(placeOf({ ...shard, excluded: Object.fromEntries([["constructor", "transient"] as const]) })).toBe(
      "fallback",
    );
  });
});
