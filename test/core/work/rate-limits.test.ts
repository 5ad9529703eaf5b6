import { describe, expect, it } from "vitest";
import { lateMs } from "../../../lib/core/limits/gcra.ts";
import type { Rates } from "../../../lib/core/limits/rates.ts";
import type { Priority } from "../../../lib/core/names.ts";
import { RateLimits } from "../../../lib/core/work/rate-limits.ts";
import { createRandom } from "../../../lib/local/simulated-providers/random.ts";
import { memoryLimits } from "../../fakes/memory-limits.ts";
import { virtualTime } from "../../fakes/virtual-time.ts";

const startMs = 1_795_000_000_000;

function setUp(rates: Rates | undefined) {
  const time = virtualTime(startMs);
  const store = memoryLimits();
  let asked = 0;
  const counted = {
    ...store,
    reserve: async (...args: Parameters<typeof store.reserve>) => {
      asked += 1;
      return store.reserve(...args);
    },
  };
  const random = createRandom(7);
  const worker = (skewMs = 0) =>
    new RateLimits({
      clock: () => time.clock() + skewMs,
      sleep: time.sleep,
      random,
      store: counted,
      rates: () => rates,
    });
  return { time, store, worker, asked: () => asked };
}

/** Calls of a worker, `lanes` at a time, until it is told to go elsewhere; their starts. */
async function work(
  limits: RateLimits,
  options: {
    time: ReturnType<typeof virtualTime>;
    lanes: number;
    jobs: number;
    tokens?: number;
    skewMs?: number;
    untilMs?: number;
    priority?: Priority;
  },
): Promise<{ startsMs: number[]; refused: number }> {
  const { time, lanes, tokens = 0, skewMs = 0, untilMs = Number.POSITIVE_INFINITY, priority } = options;
  const startsMs: number[] = [];
  let left = options.jobs;
  let refused = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (left > 0 && time.clock() < untilMs) {
        left -= 1;
        const slot = await limits.take("a", tokens, Number.POSITIVE_INFINITY, priority);
        if (slot.kind !== "slot") {
          refused += 1;
          return;
        }
        await time.sleep(slot.atMs - (time.clock() + skewMs));
        // It died before it called.
        if (time.clock() >= untilMs) return;
        startsMs.push(time.clock());
        await time.sleep(400);
      }
    }),
  );
  return { startsMs, refused };
}

/** The most that started in any `windowMs`. */
function mostIn(startsMs: readonly number[], windowMs: number): number {
  const sorted = startsMs.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  sorted.forEach((atMs, index) => {
    while ((sorted[first] ?? 0) <= atMs - windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

describe("a worker under a limit", () => {
  it("starts as many calls as are permitted, evenly, and asks about once a second", async () => {
    const { time, worker, asked } = setUp({ requestMs: 100 });
    const done = work(worker(), { time, lanes: 30, jobs: 600 });

    await time.run();

    const { startsMs, refused } = await done;
    expect(refused).toBe(0);
    expect(startsMs).toHaveLength(600);
    const tookMs = time.clock() - startMs;
    expect(tookMs).toBeLessThan(61_000);
    expect(mostIn(startsMs, 10_000)).toBeLessThanOrEqual(101);
    expect(asked()).toBeLessThan(70);
  });

  it("counts tokens, and is held up by whichever limit is tighter", async () => {
    const { time, worker } = setUp({ requestMs: 1, tokenMs: 0.5 });
    const done = work(worker(), { time, lanes: 30, jobs: 200, tokens: 500 });

    await time.run();

    const { startsMs } = await done;
    expect(startsMs).toHaveLength(200);
    expect(time.clock() - startMs).toBeGreaterThan(199 * 250);
    expect(mostIn(startsMs, 10_000)).toBeLessThanOrEqual(41 + (2 * lateMs) / 250);
  });

  it("asks seldom when it calls one at a time, too", async () => {
    const { time, worker, asked } = setUp({ requestMs: 1 });
    const done = work(worker(), { time, lanes: 1, jobs: 250 });

    await time.run();

    expect((await done).startsMs).toHaveLength(250);
    expect(asked()).toBeLessThanOrEqual(250);
  });

  it("lets a job that needs more than a second of the limit wait for nobody but itself", async () => {
    const { time, worker } = setUp({ tokenMs: 1 });
    const limits = worker();
    const first = await limits.take("a", 90_000, Number.POSITIVE_INFINITY);

    expect(first).toEqual({ kind: "slot", atMs: startMs });
    expect(time.clock()).toBe(startMs);
  });

  it("says when there is a slot instead of holding a function for it", async () => {
    const { time, worker, store } = setUp({ requestMs: 100 });
    await store.reserve("a", "requests", { nowMs: startMs, spanMs: 30_000, latestMs: startMs });
    const limits = worker();
    const answers = Promise.all(Array.from({ length: 50 }, () => limits.take("a", 0, Number.POSITIVE_INFINITY)));

    await time.run();

    expect(new Set((await answers).map((slot) => JSON.stringify(slot)))).toEqual(
      new Set([JSON.stringify({ kind: "limited", untilMs: startMs + 30_000 })]),
    );
    expect(time.clock()).toBe(startMs);
  });

  it("does not begin what could not end in its time", async () => {
    const { time, worker } = setUp({ requestMs: 2000 });
    const limits = worker();
    const answers = Promise.all(Array.from({ length: 10 }, () => limits.take("a", 0, startMs + 5000)));

    await time.run();

    expect((await answers).map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 3 }, () => "slot"),
      ...Array.from({ length: 7 }, () => "late"),
    ]);
    expect(time.clock()).toBeLessThanOrEqual(startMs + 5000);
  });

  it("is free to call a deployment without limits", async () => {
    const { worker, asked } = setUp(undefined);

    expect(await worker().take("a", 9, 0)).toEqual({ kind: "slot", atMs: startMs });
    expect(await worker().fullUntil("a")).toBeUndefined();
    expect(asked()).toBe(0);
  });
});

describe("many workers under one limit", () => {
  it("keep to it together, with clocks that differ, and while some die; nearly all of it is used", async () => {
    const { time, worker } = setUp({ requestMs: 100 });
    const skews = [0, 150, -150, 80, -80];
    const done = Promise.all(
      skews.map((skewMs, index) =>
        work(worker(skewMs), {
          time,
          lanes: 20,
          jobs: 1000,
          skewMs,
          untilMs: startMs + (index === 0 ? 60_000 : 9000 * index),
        }),
      ),
    );

    await time.run();

    const startsMs = (await done).flatMap((each) => each.startsMs);
    for (const windowMs of [1000, 5000, 20_000, 60_000])
      expect(mostIn(startsMs, windowMs)).toBeLessThanOrEqual((windowMs + lateMs + 300) / 100 + 1);
    expect(mostIn(startsMs, 60_000)).toBeGreaterThan(540);
  });

  it("do not all run: who is new and finds two at work goes elsewhere", async () => {
    const { time, worker } = setUp({ requestMs: 100 });
    const done = Promise.all(Array.from({ length: 8 }, () => work(worker(), { time, lanes: 20, jobs: 200 })));

    await time.run();

    const working = (await done).filter(({ startsMs }) => startsMs.length > 50);
    expect(working.length).toBeGreaterThanOrEqual(1);
    expect(working.length).toBeLessThanOrEqual(4);
  });
});

describe("high priority", () => {
  it("takes what there is from those that run, which are refused meanwhile, and all stay within the limit", async () => {
    const { time, worker } = setUp({ requestMs: 100 });
    const normal = work(worker(), { time, lanes: 30, jobs: 600 });
    const high = time.sleep(10_000).then(() => work(worker(), { time, lanes: 30, jobs: 200, priority: "high" }));

    await time.run();

    const [urgent, others] = [await high, await normal];
    expect(urgent.startsMs).toHaveLength(200);
    expect(urgent.refused).toBe(0);
    // 20 s of the limit, and what the others had taken before.
    expect(Math.max(...urgent.startsMs) - startMs).toBeLessThan(10_000 + 20_000 + 3500);
    expect(others.refused).toBeGreaterThan(0);
    expect(mostIn([...urgent.startsMs, ...others.startsMs], 10_000)).toBeLessThanOrEqual(112);
  });

  it("has turns of its own, and finds free what only others use", async () => {
    const { worker, store } = setUp({ requestMs: 100 });
    await store.reserve("a", "turns", { nowMs: startMs, spanMs: 600_000, latestMs: startMs });
    await store.reserve("a", "requests", { nowMs: startMs, spanMs: 2500, latestMs: startMs });
    const shard = { requests: 200, tokens: 0 };

    expect(await worker().fullUntil("a")).toBe(startMs + 600_000);
    expect(await worker().fullUntil("a", "high")).toBeUndefined();
    expect(await worker().begin("a", shard)).toBe(false);
    expect(await worker().begin("a", shard, "high")).toBe(true);
    expect(await worker().begin("a", shard, "high")).toBe(false);
    expect(await worker().wait("a", shard, "high")).toBe(startMs + 19_000);
  });
});

describe("turns", () => {
  it("begin at once while the deployment is free, and one after the other when it is not", async () => {
    const { worker } = setUp({ requestMs: 100 });
    const limits = worker();
    const shard = { requests: 200, tokens: 0 };

    expect(await limits.begin("a", shard)).toBe(true);
    expect(await limits.begin("a", shard)).toBe(false);
    expect(await limits.wait("a", shard)).toBe(startMs + 19_000);
    expect(await worker().wait("a", shard)).toBe(startMs + 38_000);
    expect(await worker().fullUntil("a")).toBe(startMs + 57_000);
  });

  it("are no longer than an invocation has time for", async () => {
    const { worker } = setUp({ requestMs: 6000 });
    await worker().begin("a", { requests: 200, tokens: 0 });

    expect(await worker().wait("a", { requests: 1, tokens: 0 })).toBe(startMs + 60_000);
  });
});
