import { describe, expect, it } from "vitest";
import { readBatchStatus, stagesOf } from "../../../lib/cli/batches/batch-status.ts";
import { freshShard } from "../../../lib/core/protocol/shard.ts";
import { memoryBatches } from "../../fakes/memory-batches.ts";
import { memoryChunks } from "../../fakes/memory-chunks.ts";

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
  return { batches, chunks };
}

describe("how far a batch is", () => {
  it("adds what its open chunks did to what it has added up", async () => {
    const status = await readBatchStatus("b-1", await runningBatch());

    expect(status).toMatchObject({
      state: "running",
      lines: 30,
      classified: 20,
      counts: { succeeded: 14, failed: 1, cancelled: 0 },
      costUsd: 0.75,
      collected: false,
    });
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
    const stores = { batches, chunks: memoryChunks() };

    const before = await readBatchStatus("b-1", stores);
    await batches.apply("b-1", { type: "announced" });
    const after = await readBatchStatus("b-1", stores);

    expect([before?.collected, after?.collected]).toEqual([false, true]);
    expect(after).toMatchObject({ state: "failed", failure: "The file is empty." });
  });
});
