import { describe, expect, it } from "vitest";
import { readBatchStatus, stagesOf } from "../../../lib/cli/batches/batch-status.ts";
import { freshShard } from "../../../lib/core/protocol/shard.ts";
import { chainOf, simpleRouter } from "../../core/work/simple-router.ts";
import { type Answer, createWorld } from "../../core/work/world.ts";
import { memoryBatches } from "../../fakes/memory-batches.ts";
import { memoryChunks } from "../../fakes/memory-chunks.ts";
import { batchLine } from "../fake-io.ts";

const noCounts = { succeeded: 0, failed: 0, cancelled: 0 };

async function runningBatch() {
  const batches = memoryBatches();
  const chunks = memoryChunks();
  const batch = { id: "b-1", key: "uploads/x/a.jsonl", etag: "e", bytes: 9, policy: "p", defaults: {} };
  await batches.apply("b-1", { type: "create", batch: { ...batch, acceptedAtMs: 0, deadlineMs: 1000 } });
  await batches.apply("b-1", { type: "planned", chunks: 3, lines: 30, blankLines: 0 });
  // The first is added up, the second has one of its two shards done, the third has not been planned.
  await batches.apply("b-1", {
    type: "add-chunk",
    number: 0,
    counts: { ...noCounts, succeeded: 10 },
    costNanoUsd: { a: 5e8 },
  });
  const shards = { "0": freshShard({ deployment: "a", zone: "general", lines: 4, from: 0 }) };
  const plan = { type: "plan", adHoc: false, batch: "b-1", number: 1, plan: "k", policy: "p", plannedAtMs: 0 } as const;
  await chunks.apply("b-1/1", { ...plan, lines: 10, shards, counts: { ...noCounts, failed: 1 } });
  await chunks.apply("b-1/1", { type: "claim", shard: "0", nowMs: 1, leaseUntilMs: 10 });
  const counts = { ...noCounts, succeeded: 4 };
  await chunks.apply("b-1/1", {
    type: "commit",
    shard: "0",
    fence: 1,
    segment: "1",
    counts,
    costNanoUsd: { a: 25e7 },
    children: {},
  });
  return { batches, chunks, clock: () => 10_000 };
}

describe("how far a batch is", () => {
  it("adds what its open chunks did to what it has added up", async () => {
    const status = await readBatchStatus("b-1", await runningBatch());

    expect(status).toMatchObject({
      state: "running",
      lines: 30,
      classified: 20,
      unplanned: 10,
      // Of the second chunk five lines are in no shard of this test: what is not ended and not held waits.
      waiting: 5,
      running: 0,
      counts: { succeeded: 14, failed: 1, cancelled: 0 },
      jobsPerSecond: 1.5,
      secondsLeft: 10,
      costUsd: 0.75,
      collected: false,
    });
  });

  it("says what it may cost, and how many of its lines wait for which budget", async () => {
    const { version, policy } = chainOf("a");
    const budgets = { daily: { limitNanoUsd: 50_000, per: "day", over: "wait" } } as const;
    const document = { version, policy: { ...policy, budgets } };
    const answer: Answer = () => ({ kind: "completed", response: {}, usage: { inputTokens: 10, outputTokens: 5 } });
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const text = Array.from({ length: 100 }, (_, index) => batchLine(`job-${index}`)).join("\n");
    const id = await world.upload("uploads/x.jsonl", text, { "max-cost-usd": "1.5" });
    for (let looks = 0; looks < 20; looks++) {
      while (await world.step());
      world.advance(30_000);
    }
    // Once the day's money is used up they look once an hour.
    while (await world.step());

    const status = await readBatchStatus(id, { ...world.stores, clock: world.now });

    const waiting = 100 - world.calls.length;
    expect(waiting).toBeGreaterThan(50);
    expect(status).toMatchObject({ maxCostUsd: 1.5, waiting, running: 0, waitingForBudgets: { daily: waiting } });
  });

  it("says which lines a worker holds, and looks into child chunks that are not added up", async () => {
    const sources = await runningBatch();
    const child = freshShard({ deployment: "a", zone: "general", lines: 2, pick: "Aw==" });
    const lease = { nowMs: 9_000, leaseUntilMs: 20_000 };
    const shards = { "0": freshShard({ deployment: "a", zone: "general", lines: 6, from: 0 }) };
    const plan = {
      type: "plan",
      adHoc: false,
      batch: "b-1",
      number: 2,
      plan: "k",
      policy: "p",
      plannedAtMs: 0,
    } as const;
    await sources.chunks.apply("b-1/2", { ...plan, lines: 10, shards, counts: { ...noCounts, failed: 4 } });
    await sources.chunks.apply("b-1/2", { type: "claim", shard: "0", ...lease });
    const of = await sources.chunks.read("b-1/2");
    if (of === undefined) throw new Error("The chunk is not there.");
    await sources.chunks.apply("b-1/2~0~1", {
      type: "nest",
      parent: "b-1/2",
      of,
      shards: { "0.0": child, "0.1": child },
    });
    await sources.chunks.apply("b-1/2", {
      type: "commit",
      shard: "0",
      fence: 1,
      segment: "1",
      counts: { ...noCounts, succeeded: 2 },
      costNanoUsd: {},
      children: {},
      nested: "b-1/2~0~1",
    });
    await sources.chunks.apply("b-1/2~0~1", { type: "claim", shard: "0.0", ...lease });

    const status = await readBatchStatus("b-1", sources);

    expect(status).toMatchObject({ unplanned: 0, waiting: 5 + 2, running: 2 });
    expect(status?.counts).toEqual({ succeeded: 16, failed: 5, cancelled: 0 });
  });

  it("adds up to every line at every step, also of a batch that is cancelled", async () => {
    const document = chainOf("a", "b");
    const answer: Answer = (_, { name }) =>
      name === "a"
        ? { kind: "failed", error: { kind: "overloaded", detail: "503" } }
        : { kind: "completed", response: {}, usage: { inputTokens: 1, outputTokens: 1 } };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const text = Array.from({ length: 450 }, (_, id) => batchLine(`${id}`)).join("\n");
    const batch = await world.upload("uploads/x.jsonl", text);
    const sources = { batches: world.stores.batches, chunks: world.stores.chunks, clock: () => Date.UTC(2026, 0, 2) };
    const places = new Set<string>();

    while (await world.step()) {
      const status = await readBatchStatus(batch, sources);
      const { lines, unplanned = 0, waiting, running, counts } = status ?? { waiting: 0, running: 0, counts: noCounts };
      for (const [name, at] of Object.entries({ unplanned, waiting, running, ...counts })) {
        expect(at).toBeGreaterThanOrEqual(0);
        if (at > 0) places.add(name);
      }
      const { succeeded, failed, cancelled } = counts;
      expect(unplanned + waiting + running + succeeded + failed + cancelled).toBe(lines ?? 0);
      if (succeeded > 0) await world.cancel(batch);
    }

    expect([...places].toSorted()).toEqual(["cancelled", "succeeded", "unplanned", "waiting"]);
  });

  it("is nothing for a batch that is not known", async () => {
    expect(await readBatchStatus("b-2", await runningBatch())).toBeUndefined();
  });

  it("is shown by stages", async () => {
    const stages = stagesOf(await readBatchStatus("b-1", await runningBatch()));

    expect(stages).toEqual([
      { name: "planned", done: 30, total: 30 },
      { name: "classified", done: 20, total: 30 },
      { name: "done", done: 15, total: 30 },
      { name: "collected", done: 0, total: 30 },
    ]);
  });

  it("has results when it failed only once collect has announced it", async () => {
    const batches = memoryBatches();
    const batch = {
      id: "b-1",
      key: "k",
      etag: "e",
      bytes: 0,
      policy: "p",
      defaults: {},
      acceptedAtMs: 0,
      deadlineMs: 1,
    };
    await batches.apply("b-1", { type: "create", batch });
    await batches.apply("b-1", { type: "fail", completedAtMs: 5, failure: "The file is empty." });
    const stores = { batches, chunks: memoryChunks(), clock: () => 10 };

    const before = await readBatchStatus("b-1", stores);
    await batches.apply("b-1", { type: "announced" });
    const after = await readBatchStatus("b-1", stores);

    expect([before?.collected, after?.collected]).toEqual([false, true]);
    expect(after).toMatchObject({ state: "failed", failure: "The file is empty." });
  });
});
