import { describe, expect, it } from "vitest";
import { atLeast, atMost, below, missed, rounded } from "../../bench/figure.ts";
import { spreadOf } from "../../bench/rounds.ts";

describe("a figure", () => {
  it("meets its target at the target, or below a limit only", () => {
    expect([atLeast(5, 5).met, atLeast(4.9, 5).met]).toEqual([true, false]);
    expect([atMost(5, 5).met, atMost(5.1, 5).met]).toEqual([true, false]);
    expect([below(4.9, 5).met, below(5, 5).met]).toEqual([true, false]);
  });

  it("is judged before it is rounded", () => {
    expect(atMost(0.500049, 0.5)).toEqual({ value: 0.5, target: "<= 0.5", met: false });
  });

  it("is found in a report by its path when it missed", () => {
    const report = { a: { b: atLeast(1, 2), c: atLeast(2, 2) }, list: [below(3, 3)], other: 1 };

    expect(missed(report)).toEqual(["a.b", "list.0"]);
  });

  it("shows four significant digits", () => {
    expect([12345.6, 1.23456, 0.000123456].map(rounded)).toEqual([12346, 1.235, 0.0001235]);
  });
});

describe("a spread", () => {
  it("is the middle of all rounds and their ends", () => {
    expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, rounds: 3 });
    expect(spreadOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, rounds: 4 });
  });
});
