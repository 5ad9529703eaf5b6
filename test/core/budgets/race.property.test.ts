import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settledNanoUsd } from "../../../lib/core/budgets/ledger.ts";
import { Budgets } from "../../../lib/core/work/budgets.ts";
import { sweepLedgers } from "../../../lib/core/work/sweep-budgets.ts";
import { memoryLedgers } from "../../fakes/memory-ledgers.ts";

/*
 * Other gateways check what was spent, then call, then add what the call cost: of ten that run at once, ten see room for
 * one (LiteLLM #26672, #40095). Here many workers run against one budget in every order that the scheduler finds, some
 * die at some write, and the next owner of their shard, or sweep, comes after them.
 */

const limitNanoUsd = 1000;
const leaseMs = 150_000;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

class Death extends Error {}

/** A shard: what its jobs may cost, what they do cost, and at which of its worker's writes that one dies, if it does. */
const shard = fc.record({
  jobs: fc.array(
    fc.record({ most: fc.integer({ min: 1, max: 200 }), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 5,
    },
  ),
  diesAt: fc.option(fc.integer({ min: 1, max: 8 })),
  /** Whether the next owner comes, or is it left to sweep. */
  isFound: fc.boolean(),
  /** Another takes it for lost while it works on. */
  isOvertaken: fc.boolean(),
});

describe("a budget that many workers share", () => {
  it("is never exceeded, and every nano-dollar is counted once (LiteLLM #26672, #40095)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(shard, { minLength: 2, maxLength: 8 }), async (scheduler, shards) => {
        const store = memoryLedgers();
        let nowMs = Date.UTC(2026, 0, 1, 12);
        let charged = 0;
        let lost = 0;
        const highest = () => Math.max(0, ...[...store.items.values()].map(({ takenNanoUsd }) => takenNanoUsd));
        const worker = (dies: () => void) =>
          new Budgets({
            clock: () => nowMs,
            hash,
            leaseMs,
            region: "us-east-1",
            budgets: () => ({ all: { limitNanoUsd, per: "day", over: "wait" } }),
            store: {
              read: scheduler.scheduleFunction(store.read),
              apply: async (id, event) => {
                dies();
                const answer = await scheduler
                  .schedule(Promise.resolve(), event.type)
                  .then(() => store.apply(id, event));
                expect(highest()).toBeLessThanOrEqual(limitNanoUsd);
                dies();
                return answer;
              },
            },
          });
        const spender = { deployment: "a" };

        const run = async (
          { jobs, diesAt, isFound, isOvertaken }: (typeof shards)[number],
          number: number,
        ): Promise<void> => {
          const claim = { chunk: "b-1/0", shard: String(number), fence: 1 };
          let steps = 0;
          const dies = () => {
            steps += 1;
            if (steps >= (diesAt ?? Number.POSITIVE_INFINITY)) throw new Death();
          };
          let own = 0;
          try {
            const budgets = worker(dies);
            const [grant] = await budgets.reserve([{ claim, spender, costsNanoUsd: jobs.map(({ most }) => most) }]);
            if (grant === undefined) throw new Error("no answer");
            const overtakes = async () => worker(() => {}).settleEarlier({ ...claim, fence: 2 }, spender);
            const overtaken = isOvertaken ? overtakes() : undefined;
            await Promise.all(
              jobs.map(async ({ most, part }) => {
                if (!(await grant.purse.take(most))) return;
                await scheduler.schedule(Promise.resolve(), "call");
                const costNanoUsd = Math.round(most * part);
                own += costNanoUsd;
                charged += costNanoUsd;
                grant.purse.giveBack(most, costNanoUsd);
              }),
            );
            expect(charged).toBeLessThanOrEqual(limitNanoUsd);
            await budgets.settle([{ grant, costNanoUsd: own }]);
            await overtaken;
          } catch (error) {
            if (!(error instanceof Death)) throw error;
            lost += 1;
            // Its owner and the next one may settle at the same time, and the next one twice.
            if (isFound) {
              const next = worker(() => {});
              await Promise.all([1, 2].map(() => next.settleEarlier({ ...claim, fence: 2 }, spender)));
            }
          }
        };
        await scheduler.waitFor(Promise.all(shards.map(run)));
        nowMs += leaseMs + 3_600_000;
        await sweepLedgers("2026-01-01", { clock: () => nowMs, ledgers: store });

        const ledger = store.items.get("2026-01-01 all");
        expect(ledger === undefined ? charged : 0).toBe(0);
        if (ledger === undefined) return;
        expect(ledger).toMatchObject({ held: 0, open: {} });
        expect(ledger.takenNanoUsd).toBe(settledNanoUsd(ledger));
        expect(ledger.takenNanoUsd).toBeLessThanOrEqual(limitNanoUsd);
        expect(settledNanoUsd(ledger)).toBeGreaterThanOrEqual(charged);
        if (lost === 0 && ledger.uncertainNanoUsd === 0)
          expect(ledger).toMatchObject({ spentNanoUsd: charged, uncertainNanoUsd: 0 });
      }),
      { numRuns: 150 },
    );
  });
});
