import { describe, expect, it } from "vitest";
import { latencyNow, withAnswers } from "../../lib/core/measured-latency.ts";

const minute = 60_000;

describe("a measured latency", () => {
  it.each([
    ["is the first one", undefined, { medianMs: 300, answers: 1 }, 300],
    ["moves a little for few answers", { medianMs: 300, atMs: 0 }, { medianMs: 1000, answers: 2 }, 326.92],
    ["moves much for many", { medianMs: 300, atMs: 0 }, { medianMs: 1000, answers: 950 }, 965],
    [
      "begins anew when the last one is old",
      { medianMs: 300, atMs: -16 * minute },
      { medianMs: 1000, answers: 1 },
      1000,
    ],
  ])("%s", (_, known, times, expected) => {
    const { medianMs, atMs } = withAnswers(known, times, minute / 2);

    expect(medianMs).toBeCloseTo(expected, 1);
    expect(atMs).toBe(minute / 2);
  });

  it("says nothing when it is old, or was never made", () => {
    expect(latencyNow({ medianMs: 5, atMs: 0 }, 15 * minute)).toBe(5);
    expect(latencyNow({ medianMs: 5, atMs: 0 }, 15 * minute + 1)).toBeUndefined();
    expect(latencyNow(undefined, 0)).toBeUndefined();
  });
});
