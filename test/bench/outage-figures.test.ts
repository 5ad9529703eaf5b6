import { describe, expect, it } from "vitest";
import { deadCalls, secondsToReach, throughputBefore } from "../../bench/outage-figures.ts";

const policy = {
  windowSeconds: 60,
  failureRate: 0.5,
  minAttempts: 5,
  baseSeconds: 5,
  maxSeconds: { overload: 20, auth: 900 },
};
const outage = { fromMs: 100_000, untilMs: 220_000 };
const at = (outcome: string, ...seconds: number[]) =>
  seconds.map((second) => ({ deployment: "a", outcome, atMs: second * 1000 }));

describe("calls that met an outage", () => {
  it("are those until it was known, and one at the end of each rest", () => {
    const calls = at("overloaded", 100, 100.1, 100.3, 105.4, 115.5, 135.6, 155.7, 175.8, 195.9, 216);

    expect(deadCalls([...at("ok", 90, 99, 221), ...calls], outage, policy)).toEqual({
      untilRested: 3,
      untilRestedSeconds: expect.closeTo(0.3),
      probes: 7,
      permitted: 7,
      early: 0,
    });
  });

  it("are early where a rest was not over", () => {
    const calls = at("overloaded", 100, 105.4, 105.5, 125.7, 135.8);

    expect(deadCalls(calls, outage, policy)).toMatchObject({ untilRested: 1, probes: 4, early: 2 });
  });

  it("are none where nothing was called", () => {
    expect(deadCalls(at("ok", 90), outage, policy)).toMatchObject({ untilRested: 0, probes: 0, early: 0 });
  });
});

describe("the throughput", () => {
  const every = (fromSecond: number, toSecond: number, perSecond: number) =>
    Array.from({ length: (toSecond - fromSecond) * perSecond }, (_, index) => fromSecond + (index + 0.5) / perSecond);

  it("before an outage is that of its last seconds", () => {
    expect(throughputBefore(at("ok", ...every(50, 100, 10)), outage, 15_000)).toBe(10);
  });

  it("is back at the beginning of the first five seconds that have it", () => {
    const calls = at("ok", ...every(230, 235, 4), ...every(235, 260, 10));

    expect(secondsToReach(calls, outage, 9)).toBeCloseTo(14.5, 0);
    expect(secondsToReach(calls, outage, 4)).toBeCloseTo(10, 0);
    expect(secondsToReach(calls, outage, 11)).toBeUndefined();
  });
});
