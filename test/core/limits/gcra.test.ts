import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { draw, lateMs, reserve, type Span } from "../../../lib/core/limits/gcra.ts";

describe("a reservation", () => {
  it.each([
    ["begins now on a line that was never used", undefined, 1000, 1000, { kind: "reserved", startMs: 1000 }],
    ["begins now on a line that has been free for a while", 400, 1000, 1000, { kind: "reserved", startMs: 1000 }],
    ["begins when what was reserved before it ends", 1700, 1000, 3000, { kind: "reserved", startMs: 1700 }],
    ["may begin at the very latest", 3000, 1000, 3000, { kind: "reserved", startMs: 3000 }],
    ["is refused when it would begin later", 3001, 1000, 3000, { kind: "refused", dueMs: 3001 }],
  ] as const)("%s", (_, storedMs, nowMs, latestMs, expected) => {
    expect(reserve(storedMs, { nowMs, latestMs })).toEqual(expected);
  });
});

describe("what a worker has reserved", () => {
  it.each([
    ["is used from its front", [[0, 300]], 100, 0, { atMs: 0, left: [[100, 300]] }],
    ["may lie ahead", [[500, 700]], 100, 0, { atMs: 500, left: [[600, 700]] }],
    ["can be used late", [[0, 300]], 100, lateMs, { atMs: 0, left: [[100, 300]] }],
    ["lapses after that, from its front", [[0, 300]], 100, lateMs + 50, { atMs: 50, left: [[150, 300]] }],
    ["lapses altogether", [[0, 300]], 100, lateMs + 300, undefined],
    ["is too little for some", [[0, 300]], 301, 0, undefined],
    [
      "adds up over several",
      [
        [0, 100],
        [400, 500],
      ],
      150,
      0,
      { atMs: 0, left: [[450, 500]] },
    ],
    [
      "is used to its end",
      [
        [0, 100],
        [400, 500],
      ],
      200,
      0,
      { atMs: 0, left: [] },
    ],
  ] as const)("%s", (_, spans, costMs, nowMs, expected) => {
    const stock = spans.map(([fromMs, toMs]) => ({ fromMs, toMs }));

    const drawn = draw(stock, costMs, nowMs);

    expect(drawn && { ...drawn, left: drawn.left.map(({ fromMs, toMs }) => [fromMs, toMs]) }).toEqual(expected);
  });

  it("is as many slots as were reserved, whatever the fractions", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 2000, noNaN: true }), fc.integer({ min: 1, max: 60 }), (costMs, slots) => {
        const fromMs = 1_795_000_000_000;
        let stock: Span[] = [{ fromMs, toMs: fromMs + costMs * slots }];
        let taken = 0;
        for (let drawn = draw(stock, costMs, fromMs); drawn !== undefined; drawn = draw(stock, costMs, fromMs)) {
          stock = drawn.left;
          taken += 1;
        }
        expect(taken).toBe(slots);
      }),
    );
  });
});

describe("workers that share a line", () => {
  type Step = { worker: number; afterMs: number; batch: number; crashes: boolean };
  const step = fc.record<Step>({
    worker: fc.nat({ max: 4 }),
    afterMs: fc.integer({ min: 0, max: 700 }),
    batch: fc.integer({ min: 1, max: 10 }),
    crashes: fc.boolean(),
  });
  const skewMs = fc.array(fc.integer({ min: -400, max: 400 }), { minLength: 5, maxLength: 5 });

  it("never start more than the rate and a burst of one in any window, however they crash and their clocks differ", () => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 20, maxLength: 150 }),
        skewMs,
        fc.integer({ min: 20, max: 400 }),
        (steps, skews, costMs) => {
          let nowMs = 1_000_000;
          let storedMs: number | undefined;
          const stocks = new Map<number, Span[]>();
          const startsMs: number[] = [];
          for (const { worker, afterMs, batch, crashes } of steps) {
            nowMs += afterMs;
            // As the worker's own clock has it.
            const skew = skews[worker] ?? 0;
            const itsNowMs = nowMs + skew;
            if (crashes) stocks.delete(worker);
            let stock = stocks.get(worker) ?? [];
            if (draw(stock, costMs, itsNowMs) === undefined) {
              const reservation = reserve(storedMs, { nowMs: itsNowMs, latestMs: itsNowMs + 2000 });
              if (reservation.kind === "refused") continue;
              storedMs = reservation.startMs + batch * costMs;
              stock = [...stock, { fromMs: reservation.startMs, toMs: storedMs }];
            }
            const drawn = draw(stock, costMs, itsNowMs);
            if (drawn === undefined) continue;
            stocks.set(worker, drawn.left);
            startsMs.push(Math.max(nowMs, drawn.atMs - skew));
          }

          const slackMs = lateMs + Math.max(...skews) - Math.min(...skews);
          startsMs.sort((a, b) => a - b);
          startsMs.forEach((fromMs, first) => {
            startsMs.slice(first).forEach((toMs, more) => {
              // The first is the burst.
              expect(more * costMs).toBeLessThanOrEqual(toMs - fromMs + slackMs + costMs + 1);
            });
          });
        },
      ),
    );
  });
});
