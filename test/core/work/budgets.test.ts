import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { settledNanoUsd } from "../../../lib/core/budgets/ledger.ts";
import type { Budget, PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { totalCost, totalOf } from "../../../lib/core/protocol/counts.ts";
import type { Router } from "../../../lib/core/work/plan-chunk.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
/** What an answer costs on deployments a and b, in nano-dollars, and what is reserved for it on a. */
const cost = { a: 10 * 60 + 5 * 240, b: 10 * 6 + 5 * 24 };
const reserved = 33 * 60 + 10 * 240;

function lines(count: number, from = 0): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `job-${from + index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: `hello ${from + index}` }] },
    }),
  ).join("\n");
}

/** Deployments a and b, of which b costs a tenth. */
function withBudgets(budgets: Record<string, Budget>, names = ["a", "b"]): PolicyDocument {
  const { version, policy } = chainOf(...names);
  const price = [{ fromInputTokens: 0, inputPicoUsd: 6_000, outputPicoUsd: 24_000 }];
  const deployments = Object.fromEntries(
    Object.entries(policy.deployments).map(([name, deployment]) => [
      name,
      name === "b" ? { ...deployment, price } : deployment,
    ]),
  );
  return { version, policy: { ...policy, deployments, budgets } };
}

const Failed = z.looseObject({ error: z.object({ code: z.string(), message: z.string() }) });
const codes = (errors: readonly unknown[]) => [...new Set(errors.map((line) => Failed.parse(line).error.code))];

function worldOf(document: PolicyDocument, options: Partial<Parameters<typeof createWorld>[0]> = {}) {
  return createWorld({ document, router: simpleRouter(document), answer: ok, ...options });
}

describe("a batch with a limit of its own", () => {
  it("spends up to it and never over it, and accounts for every line", async () => {
    const limit = 400_000;
    const world = worldOf(chainOf("a"));
    const batch = await world.upload("uploads/x.jsonl", lines(450), { "max-cost-usd": "0.0004" });

    await world.settle();

    const item = world.stores.batches.items.get(batch);
    const spent = totalCost(item?.costNanoUsd ?? {});
    expect(spent).toBe(world.calls.length * cost.a);
    expect(spent).toBeLessThanOrEqual(limit);
    expect(spent).toBeGreaterThan(limit - reserved);
    expect(world.read(batch, "output.jsonl")).toHaveLength(world.calls.length);
    const errors = world.read(batch, "errors.jsonl");
    expect(errors).toHaveLength(450 - world.calls.length);
    expect(codes(errors)).toEqual(["budget-exceeded"]);
    const ledger = world.stores.ledgers.items.get(`batch#${batch} maxCostUsd`);
    expect(ledger).toEqual({ takenNanoUsd: spent, spentNanoUsd: spent, uncertainNanoUsd: 0, held: 0, open: {} });
  });

  it("runs nothing when not even one job fits", async () => {
    const world = worldOf(chainOf("a"));
    const batch = await world.upload("uploads/x.jsonl", lines(3), { "max-cost-usd": "0.000001" });

    await world.settle();

    expect(world.calls).toEqual([]);
    const [first] = world.read(batch, "errors.jsonl");
    expect(Failed.parse(first).error).toEqual({
      code: "budget-exceeded",
      message:
        "Of the budget maxCostUsd ($0.00000100 a batch) $0.00000100 are left, and the job may cost $0.00000438 on a.",
    });
  });

  it.each(["0", "-1", "ten", "1e3", ""])("fails as a whole when the limit is no amount: %j", async (text) => {
    const world = worldOf(chainOf("a"));
    const batch = await world.upload("uploads/x.jsonl", lines(3), { "max-cost-usd": text });

    await world.settle();

    expect(world.calls).toEqual([]);
    expect(world.stores.batches.items.get(batch)).toMatchObject({
      state: "failed",
      failure: expect.stringContaining("x-amz-meta-max-cost-usd"),
    });
  });

  it("stores nothing where no budget holds", async () => {
    const world = worldOf(chainOf("a"));
    await world.upload("uploads/x.jsonl", lines(3));

    await world.settle();

    expect(world.calls).toHaveLength(3);
    expect(world.stores.ledgers.items.size).toBe(0);
  });
});

describe("a deployment over its budget", () => {
  it("leaves its jobs to the next cheaper one, if the configuration says so", async () => {
    const budget = { limitNanoUsd: 200_000, per: "day", deployment: "a", over: "cheaper" } as const;
    const world = worldOf(withBudgets({ dear: budget }));
    const batch = await world.upload("uploads/x.jsonl", lines(450));

    await world.settle();

    const onA = world.calls.filter(({ deployment }) => deployment === "a");
    expect(world.read(batch, "output.jsonl")).toHaveLength(450);
    expect(onA.length * cost.a).toBeLessThanOrEqual(200_000);
    expect(onA.length * cost.a).toBeGreaterThan(200_000 - reserved);
    const hops = (await world.audit(batch)).flatMap((record) => (record.kind === "hop" ? [record] : []));
    expect(JSON.stringify(hops)).toContain("is over the budget dear");
  });

  it("ends its jobs where no cheaper one is left", async () => {
    const budget = { limitNanoUsd: 20_000, per: "day", deployment: "b", over: "cheaper" } as const;
    // b is first, and a costs more.
    const world = worldOf(withBudgets({ few: budget }, ["b", "a"]));
    const batch = await world.upload("uploads/x.jsonl", lines(300));

    await world.settle();

    expect(world.calls.every(({ deployment }) => deployment === "b")).toBe(true);
    expect(world.calls.length * cost.b).toBeLessThanOrEqual(20_000);
    expect(codes(world.read(batch, "errors.jsonl"))).toEqual(["budget-exceeded"]);
  });

  it("has its jobs wait until the next day, if the configuration says so", async () => {
    const budget = { limitNanoUsd: 200_000, per: "day", deployment: "a", over: "wait" } as const;
    const world = worldOf(withBudgets({ daily: budget }));
    const batch = await world.upload("uploads/x.jsonl", lines(250), { deadline: "7d" });

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(250);
    const days = Map.groupBy(world.calls, ({ atMs }) => new Date(atMs).toISOString().slice(0, 10));
    expect([...days.keys()]).toEqual(["2026-01-01", "2026-01-02", "2026-01-03"]);
    for (const calls of days.values()) expect(calls.length * cost.a).toBeLessThanOrEqual(200_000);
  });

  it("ends jobs whose deadline comes before the next day", async () => {
    const budget = { limitNanoUsd: 200_000, per: "day", deployment: "a", over: "wait" } as const;
    const world = worldOf(withBudgets({ daily: budget }));
    const batch = await world.upload("uploads/x.jsonl", lines(250), { deadline: "3h" });

    await world.settle();

    expect(world.calls.length * cost.a).toBeLessThanOrEqual(200_000);
    expect(codes(world.read(batch, "errors.jsonl"))).toEqual(["deadline-exceeded"]);
    expect(totalOf(world.stores.batches.items.get(batch)?.counts ?? { succeeded: 0, failed: 0, cancelled: 0 })).toBe(
      250,
    );
  });

  it("goes on at most an hour after its budget is raised", async () => {
    const budget = { limitNanoUsd: 200_000, per: "month", over: "wait" } as const;
    const document = withBudgets({ all: budget });
    const raised = withBudgets({ all: { ...budget, limitNanoUsd: 2_000_000 } });
    let current = document;
    const world = worldOf(document, { current: () => current });
    const batch = await world.upload("uploads/x.jsonl", lines(250));
    while (await world.step());
    const before = world.calls.length;

    current = { ...raised, version: "p2" };
    await world.settle();

    expect(before * cost.a).toBeLessThanOrEqual(200_000);
    expect(world.read(batch, "output.jsonl")).toHaveLength(250);
    expect(Math.max(...world.calls.map(({ atMs }) => atMs))).toBeLessThan(Date.UTC(2026, 0, 1, 2));
  });
});

describe("what counts as over budget", () => {
  it("is what was spent, not what others hold: a job waits for them instead", async () => {
    const budget = { limitNanoUsd: 10_000, per: "day", over: "fail" } as const;
    const world = worldOf(withBudgets({ all: budget }));
    const id = { period: "2026-01-01", name: "all" };
    const untilMs = world.now() + 60_000;
    await world.stores.ledgers.apply(id, { type: "begin" });
    const hold = `${(9000).toString(36)}.${(untilMs / 1000).toString(36)}`;
    await world.stores.ledgers.apply(id, { type: "reserve", holds: { other: hold }, limitNanoUsd: 10_000 });
    const batch = await world.upload("uploads/x.jsonl", lines(2));
    while (await world.step());
    const waiting = world.calls.length;

    const ends = [{ key: "other", hold, costNanoUsd: 1000, uncertain: false }];
    await world.stores.ledgers.apply(id, { type: "settle", ends });
    await world.settle();

    expect(waiting).toBe(0);
    expect(world.read(batch, "output.jsonl")).toHaveLength(2);
  });

  it("is counted for each tenant apart, for one tenant, and for one deployment", async () => {
    const day = { per: "day", over: "fail" } as const;
    const document = withBudgets({
      each: { ...day, limitNanoUsd: 50_000, tenant: "*" },
      acme: { ...day, limitNanoUsd: 20_000, tenant: "acme" },
      cheap: { ...day, limitNanoUsd: 1, deployment: "b" },
    });
    const world = worldOf(document);
    const acme = await world.upload("uploads/a.jsonl", lines(100), { tenant: "acme" });
    const other = await world.upload("uploads/b.jsonl", lines(100), { tenant: "other" });
    const nobody = await world.upload("uploads/c.jsonl", lines(100));

    await world.settle();

    const answered = (batch: string) => world.read(batch, "output.jsonl").length;
    expect(answered(acme)).toBe(Math.floor((20_000 - reserved) / cost.a) + 1);
    expect(answered(other)).toBe(Math.floor((50_000 - reserved) / cost.a) + 1);
    expect(answered(nobody)).toBe(100);
    expect([...world.stores.ledgers.items.keys()].toSorted()).toEqual([
      "2026-01-01 acme",
      "2026-01-01 each#acme",
      "2026-01-01 each#other",
    ]);
    expect(world.used.get("acme")).toBeGreaterThan(75);
  });

  it("is what a stack's share allows", async () => {
    const share = { "us-east-1": 0.25, "eu-central-1": 0.75 };
    const world = worldOf(withBudgets({ all: { limitNanoUsd: 80_000, per: "day", over: "fail", share } }));
    await world.upload("uploads/x.jsonl", lines(100));

    await world.settle();

    expect(world.calls.length).toBe(Math.floor((20_000 - reserved) / cost.a) + 1);
  });
});

describe("a shard that gets less than it needs", () => {
  it("leaves the rest together, although its jobs end one after the other", async () => {
    const document = withBudgets({ all: { limitNanoUsd: 100_000, per: "day", over: "wait" } }, ["a"]);
    const simple = simpleRouter(document);
    const router: Router = {
      document,
      // Every other job may cost too much while there is enough for those between.
      route: async (job, defaults) => ({
        ...(await simple.route(job, defaults)),
        maxOutputTokens: job.line % 2 === 0 ? 100 : 10,
      }),
    };
    const answer: Answer = (call, deployment, nowMs) => {
      world.advance(7);
      return ok(call, deployment, nowMs);
    };
    const world = worldOf(document, { answer, router });
    const batch = await world.upload("uploads/x.jsonl", lines(200));
    while (world.calls.length === 0) await world.step();

    const chunk = await world.stores.chunks.read(`${batch}/0`);

    const called = world.calls.length;
    expect(called * cost.a).toBeGreaterThan(100_000 - 2 * reserved);
    const { "0": _, ...children } = chunk?.shards ?? {};
    expect(children).toMatchObject({ "0.0": { lines: 200 - called, waitsFor: { budget: "all" } } });
    expect(Object.keys(children)).toHaveLength(1);
    expect(children["0.0"]?.notBeforeMs).toBe(children["0.0"]?.waitsFor?.untilMs);
  });
});

describe("a shard that is given back", () => {
  it("holds nothing while it waits for a deployment that rests", async () => {
    const document = withBudgets({ all: { limitNanoUsd: 10_000_000, per: "day", over: "fail" } }, ["a"]);
    const held: (number | undefined)[] = [];
    let limited = true;
    const answer: Answer = (call, deployment, nowMs) =>
      limited
        ? { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 60_000 } }
        : ok(call, deployment, nowMs);
    const world = worldOf(document, { answer });
    const batch = await world.upload("uploads/x.jsonl", lines(20));
    while (await world.step()) held.push(world.stores.ledgers.items.get("2026-01-01 all")?.held);

    limited = false;
    await world.settle();

    expect(held.at(-1)).toBe(0);
    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    expect(world.stores.ledgers.items.get("2026-01-01 all")).toMatchObject({
      spentNanoUsd: 20 * cost.a,
      uncertainNanoUsd: 0,
    });
  });
});

describe("a table that fails", () => {
  const throttled = new Error("throttled");
  const isExpected = (error: unknown) => error === throttled;
  const document = withBudgets({ all: { limitNanoUsd: 10_000_000, per: "day", over: "fail" } });

  it("does not hide from the owner after it that a worker was lost", async () => {
    let calls = 0;
    const answer: Answer = (call, deployment, nowMs) => {
      calls += 1;
      if (calls === 5) throw world.crash();
      return ok(call, deployment, nowMs);
    };
    const world = worldOf(document, { answer, isExpected });
    const { apply } = world.stores.ledgers;
    let settles = 0;
    world.stores.ledgers.apply = async (id, event) => {
      if (event.type === "settle" && settles++ === 0) throw throttled;
      return apply(id, event);
    };
    const batch = await world.upload("uploads/x.jsonl", lines(20));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    const ledger = world.stores.ledgers.items.get("2026-01-01 all");
    expect(ledger).toMatchObject({ uncertainNanoUsd: 20 * reserved, spentNanoUsd: 20 * cost.a, held: 0, open: {} });
  });

  it("leaves no reservation of which it did not tell", async () => {
    const world = worldOf(document, { isExpected });
    const { apply } = world.stores.ledgers;
    let reserves = 0;
    world.stores.ledgers.apply = async (id, event) => {
      const applied = await apply(id, event);
      // The first finds no ledger.
      if (event.type === "reserve" && reserves++ === 1) throw throttled;
      return applied;
    };
    const batch = await world.upload("uploads/x.jsonl", lines(20));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    const ledger = world.stores.ledgers.items.get("2026-01-01 all");
    expect(ledger).toMatchObject({ uncertainNanoUsd: 0, spentNanoUsd: 20 * cost.a, held: 0, open: {} });
  });
});

describe("a worker that is lost", () => {
  it("is settled at what it had reserved, as uncertain, and its shard goes on", async () => {
    let calls = 0;
    const document = withBudgets({ all: { limitNanoUsd: 10_000_000, per: "day", over: "fail" } });
    const answer: Answer = (call, deployment, nowMs) => {
      calls += 1;
      if (calls === 5) throw world.crash();
      return ok(call, deployment, nowMs);
    };
    const world = worldOf(document, { answer });
    const batch = await world.upload("uploads/x.jsonl", lines(20));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    const ledger = world.stores.ledgers.items.get("2026-01-01 all");
    expect(ledger).toMatchObject({ uncertainNanoUsd: 20 * reserved, spentNanoUsd: 20 * cost.a, held: 0, open: {} });
  });

  it("is uncertain only if its segment was not written, at whichever write it dies", async () => {
    for (let death = 1; ; death++) {
      let writes = 0;
      let expected = 0;
      const world = worldOf(withBudgets({ all: { limitNanoUsd: 10_000_000, per: "day", over: "fail" } }), {
        crashAt: () => {
          writes += 1;
          if (writes === death) {
            const open = world.stores.ledgers.items.get("2026-01-01 all")?.held ?? 0;
            const written = [...world.stores.zones.general.items.keys()].some((key) => key.startsWith("segments/"));
            expected = open > 0 && !written ? 20 * reserved : 0;
          }
          return writes === death;
        },
      });
      const batch = await world.upload("uploads/x.jsonl", lines(20));

      await world.settle();
      world.advance(3_600_000);
      await world.sweep();

      expect(world.read(batch, "output.jsonl"), `death at ${death}`).toHaveLength(20);
      const ledger = world.stores.ledgers.items.get("2026-01-01 all");
      const spentNanoUsd = totalCost(world.stores.batches.items.get(batch)?.costNanoUsd ?? {});
      expect(ledger, `death at ${death}`).toMatchObject({
        spentNanoUsd,
        uncertainNanoUsd: expected,
        held: 0,
        open: {},
      });
      // The last run met no death: all writes have been tried.
      if (writes < death) break;
    }
  });

  it("counts once, exactly or as uncertain, wherever workers die", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 160 }), { maxLength: 5 }),
        fc.infiniteStream(fc.nat(50)),
        async (deaths, picks) => {
          const limitNanoUsd = 300_000;
          let writes = 0;
          const document = withBudgets({
            all: { limitNanoUsd, per: "day", over: "fail" },
            each: { limitNanoUsd: limitNanoUsd / 2, per: "batch", over: "cheaper" },
          });
          const world = worldOf(document, {
            crashAt: () => {
              writes += 1;
              return deaths.includes(writes);
            },
          });
          const batches = [
            await world.upload("uploads/x.jsonl", lines(120), { "max-cost-usd": "0.0002" }),
            await world.upload("uploads/y.jsonl", lines(120, 500)),
          ];

          await world.settle((count) => (picks.next().value ?? 0) % Math.max(1, count));
          // Whatever no owner came back for is given up by sweep.
          world.advance(3_600_000);
          await world.sweep();

          const charged = world.calls.reduce((sum, { deployment }) => sum + (deployment === "a" ? cost.a : cost.b), 0);
          const all = world.stores.ledgers.items.get("2026-01-01 all");
          const committed = batches.map((batch) => totalCost(world.stores.batches.items.get(batch)?.costNanoUsd ?? {}));
          expect(charged).toBeLessThanOrEqual(limitNanoUsd);
          expect(all).toMatchObject({ held: 0, open: {} });
          expect(all?.takenNanoUsd).toBe(all === undefined ? 0 : settledNanoUsd(all));
          expect(all?.takenNanoUsd).toBeLessThanOrEqual(limitNanoUsd);
          // Nothing is forgotten: what was charged was settled, as it was or as uncertain.
          expect(settledNanoUsd(all ?? nothing)).toBeGreaterThanOrEqual(charged);
          // Nothing is counted twice: what is certain was committed, or was the call of a worker that was lost.
          expect(all?.spentNanoUsd ?? 0).toBeLessThanOrEqual(charged);
          if (all?.uncertainNanoUsd === 0) expect(all.spentNanoUsd).toBe(charged);
          if (deaths.length === 0) expect(all?.spentNanoUsd).toBe(committed.reduce((sum, own) => sum + own, 0));
          for (const batch of batches) {
            const counts = world.stores.batches.items.get(batch)?.counts;
            expect(counts === undefined ? 0 : totalOf(counts)).toBe(120);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

const nothing = { takenNanoUsd: 0, spentNanoUsd: 0, uncertainNanoUsd: 0, held: 0, open: {} };
