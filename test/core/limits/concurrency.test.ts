import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FailureKind } from "../../../lib/core/failure.ts";
import { afterOutcome, afterRest, type Concurrency, unproven } from "../../../lib/core/limits/concurrency.ts";

/** Rounds in which everything that may be in flight is answered. */
function answered(from: Concurrency, rounds: number, most: number): Concurrency {
  let now = from;
  for (let round = 0; round < rounds; round++)
    for (let calls = Math.floor(now.calls); calls > 0; calls--) now = afterOutcome(now, "ok", calls - 1, most);
  return now;
}

describe("how many calls are in flight", () => {
  it("grows fast with the first answers, up to what is configured", () => {
    expect(unproven.calls).toBe(4);
    expect(answered(unproven, 1, 100).calls).toBe(12);
    expect(answered(unproven, 5, 100).calls).toBe(100);
  });

  it("is halved by a rate limit, once for all calls that were in flight, and then grows by one a round", () => {
    let now = answered(unproven, 5, 100);
    for (let inFlight = 99; inFlight >= 60; inFlight--) now = afterOutcome(now, "rate-limited", inFlight, 100);
    expect(now.calls).toBe(50);

    now = { ...now, stale: 0 };
    expect(Math.floor(answered(now, 5, 100).calls)).toBe(54);
    expect(afterOutcome(now, "overloaded", 49, 100).calls).toBe(25);
  });

  it("is half of what was in flight, where that was less than allowed", () => {
    const now = answered(unproven, 5, 100);

    expect(afterOutcome(now, "rate-limited", 9, 100).calls).toBe(5);
  });

  it("is not cut by failures that more room does not cause, nor by a call that was alone", () => {
    const now = answered(unproven, 2, 100);

    expect(afterOutcome(now, "server-error", 20, 100).calls).toBe(now.calls);
    expect(afterOutcome(now, "rate-limited", 0, 100).calls).toBe(now.calls);
  });

  it("begins anew after a rest for failures, and is soon where it was", () => {
    const before = answered(unproven, 5, 100);
    const rested = afterRest(afterOutcome(before, "server-error", 99, 100), 99);

    expect(rested.calls).toBe(4);
    // What was in flight when it failed fails as well.
    let now = rested;
    for (let inFlight = 98; inFlight >= 0; inFlight--) now = afterOutcome(now, "overloaded", inFlight, 100);
    expect(now.calls).toBe(4);
    expect(answered(now, 4, 100).calls).toBe(100);
  });

  it("is always at least one and at most what is configured", () => {
    const outcome = fc.constantFrom<"ok" | FailureKind>("ok", "ok", ...FailureKind.options);
    fc.assert(
      fc.property(
        fc.array(fc.record({ outcome, rests: fc.boolean() }), { maxLength: 200 }),
        fc.integer({ min: 4, max: 1000 }),
        (steps, most) => {
          let now = unproven;
          for (const { outcome: one, rests } of steps) {
            now = afterOutcome(now, one, Math.floor(now.calls) - 1, most);
            if (rests && one !== "ok") now = afterRest(now, Math.floor(now.calls) - 1);
            expect(Math.floor(now.calls)).toBeGreaterThanOrEqual(1);
            expect(now.calls).toBeLessThanOrEqual(most);
          }
        },
      ),
    );
  });
});
