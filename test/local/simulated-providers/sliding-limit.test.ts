import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createSlidingLimit } from "../../../lib/local/simulated-providers/sliding-limit.ts";

describe("createSlidingLimit", () => {
  it("never admits more than the limit in any window, and is right about the wait", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.nat(40), { maxLength: 60 }), (limit, steps) => {
        const ask = createSlidingLimit(limit, 100);
        const admitted: number[] = [];
        let nowMs = 0;
        for (const step of steps) {
          nowMs += step;
          const waitMs = ask(nowMs);
          if (waitMs > 0) {
            expect(ask(nowMs + waitMs - 0.5)).toBeGreaterThan(0);
            nowMs += waitMs;
            expect(ask(nowMs)).toBe(0);
          }
          admitted.push(nowMs);
        }
        for (const at of admitted)
          expect(admitted.filter((other) => other > at - 100 && other <= at).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});
