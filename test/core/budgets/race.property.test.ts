import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { settledNanoUsd } from "../../../lib/core/budgets/ledger.ts";
import type { Budget } from "../../../lib/core/configuration/document.ts";
import { Budgets } from "../../../lib/core/work/budgets.ts";
import { sweepLedgers } from "../../../lib/core/work/sweep-budgets.ts";
import { memoryLedgers } from "../../fakes/memory-ledgers.ts";

/*
 * Other gateways check what was spent, then call, then add what the call cost: of ten that run at once, ten see room for
 * one (LiteLLM #26672, #40095). Here many workers run waves of shards against two budgets in every order that the
 * scheduler finds; some die at some write, and the next owners of their shards, or sweep, come after them.
 */

const budgets: Record<string, Budget> = {
  all: { limitNanoUsd: 1000, per: "day", over: "wait" },
  few: { limitNanoUsd: 500, per: "day", deployment: "a", over: "fail" },
};
const period = "2026-01-01";
const leaseMs = 150_000;
const hash = (text: string) => createHash("sha256").update(text).digest("hex");

class Death extends Error {}

/** A job: what it may cost, and the part of it that it does cost. */
const job = fc.record({ most: fc.integer({ min: 1, max: 200 }), part: fc.double({ min: 0, max: 1, noNaN: true }) });
const shard = fc.record({
  deployment: fc.constantFrom("a", "b"),
  jobs: fc.array(job, { minLength: 1, maxLength: 4 }),
});
const worker = fc.record({
  wave: fc.array(shard, { minLength: 1, maxLength: 3 }),
  /** At which of its writes it dies, if it does. */
  diesAt: fc.option(fc.integer({ min: 1, max: 12 }), { freq: 1 }),
  /** Whether the next owners come, or its shards are left to sweep. */
  isFound: fc.boolean(),
  /** Another takes it for lost while it works on, and its first shard over. */
  isOvertaken: fc.boolean(),
});

const hurried = fc.array(worker, { minLength: 2, maxLength: 6 });
/** Workers that nothing happens to. */
const calm = fc
  .array(worker, { minLength: 3, maxLength: 8 })
  .map((workers) => workers.map((one) => ({ ...one, diesAt: null, isOvertaken: false })));

describe("budgets that many workers share", () => {
  it("are never exceeded, and every nano-dollar is counted once (LiteLLM #26672, #40095)", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.oneof(hurried, calm), async (scheduler, workers) => {
        const store = memoryLedgers();
        let nowMs = Date.UTC(2026, 0, 1, 12);
        const charged = { a: 0, b: 0 };
        let lost = 0;
        const checkLimits = () => {
          for (const [name, { limitNanoUsd }] of Object.entries(budgets))
            expect(store.items.get(`${period} ${name}`)?.takenNanoUsd ?? 0).toBeLessThanOrEqual(limitNanoUsd);
          expect(charged.a).toBeLessThanOrEqual(500);
          expect(charged.a + charged.b).toBeLessThanOrEqual(1000);
        };
        const budgetsOf = (dies: () => void) =>
          new Budgets({
            clock: () => nowMs,
            hash,
            leaseMs,
            region: "us-east-1",
            budgets: () => budgets,
            store: {
              read: scheduler.scheduleFunction(store.read),
              apply: async (id, event) => {
                dies();
                await scheduler.schedule(Promise.resolve(), event.type);
                const answer = await store.apply(id, event);
                checkLimits();
                dies();
                return answer;
              },
            },
          });

        const run = async ({ wave, diesAt, isFound, isOvertaken }: (typeof workers)[number], number: number) => {
          const claimed = wave.map(({ deployment, jobs }, index) => ({
            claim: { chunk: "b-1/0", shard: `${number}.${index}`, fence: 1 },
            spender: { deployment },
            costsNanoUsd: jobs.map(({ most }) => most),
          }));
          const nextOwners = (some = claimed) =>
            Promise.all(
              some.map(({ claim, spender }) => budgetsOf(() => {}).settleEarlier({ ...claim, fence: 2 }, spender)),
            );
          let steps = 0;
          const own = budgetsOf(() => {
            steps += 1;
            if (steps >= (diesAt ?? Number.POSITIVE_INFINITY)) throw new Death();
          });
          try {
            const grants = await own.reserve(claimed);
            const overtaken = isOvertaken ? nextOwners(claimed.slice(0, 1)) : undefined;
            const ended = await Promise.all(
              wave.map(async ({ deployment, jobs }, index) => {
                const grant = grants[index];
                if (grant === undefined) throw new Error("A shard has no grant.");
                await Promise.all(
                  jobs.map(async ({ most, part }) => {
                    if (!(await grant.purse.take(most))) return;
                    await scheduler.schedule(Promise.resolve(), "call");
                    const costNanoUsd = Math.round(most * part);
                    charged[deployment] += costNanoUsd;
                    grant.purse.giveBack(most, costNanoUsd);
                    checkLimits();
                  }),
                );
                return { grant, costNanoUsd: grant.purse.spentNanoUsd };
              }),
            );
            await own.settle(ended);
            await overtaken;
          } catch (error) {
            if (!(error instanceof Death)) throw error;
            lost += 1;
            // The next ones may be lost as well, and come twice.
            if (isFound) await Promise.all([nextOwners(), nextOwners()]);
          }
        };
        await scheduler.waitFor(Promise.all(workers.map(run)));
        // Nobody died: nothing is left to sweep.
        if (lost === 0) for (const ledger of store.items.values()) expect(ledger.held).toBe(0);
        nowMs += leaseMs + 3_600_000;
        await sweepLedgers(period, { clock: () => nowMs, ledgers: store });

        const spent = { all: charged.a + charged.b, few: charged.a };
        for (const name of ["all", "few"] as const) {
          const ledger = store.items.get(`${period} ${name}`) ?? nothing;
          expect(ledger).toMatchObject({ held: 0, open: {} });
          expect(ledger.takenNanoUsd).toBe(settledNanoUsd(ledger));
          // Nothing is forgotten, and nothing counted twice: what is certain was charged.
          expect(settledNanoUsd(ledger)).toBeGreaterThanOrEqual(spent[name]);
          expect(ledger.spentNanoUsd).toBeLessThanOrEqual(spent[name]);
          if (lost === 0 && workers.every(({ isOvertaken }) => !isOvertaken))
            expect(ledger).toMatchObject({ spentNanoUsd: spent[name], uncertainNanoUsd: 0 });
        }
        checkLimits();
      }),
      { numRuns: 200 },
    );
  });
});

const nothing = { takenNanoUsd: 0, spentNanoUsd: 0, uncertainNanoUsd: 0, held: 0, open: {} };
