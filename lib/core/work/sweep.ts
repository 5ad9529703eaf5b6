import { batchId, type Hash } from "../batch-id.ts";
import { batchPeriod } from "../budgets/accounts.ts";
import type { ObjectStore, OpenEntry, Queue, UnknownEntry } from "../ports.ts";
import { allChunksDone, type Batch, isConserved } from "../protocol/batch.ts";
import type { Chunk } from "../protocol/chunk.ts";
import type { UploadMessage } from "../protocol/messages.ts";
import type { Shard } from "../protocol/shard.ts";
import { recount } from "./recount.ts";
import { askForCollect } from "./settle.ts";
import { type SweepBudgetsDeps, sweepBudgets, sweepLedgers } from "./sweep-budgets.ts";
import { type Due, type SweepChunksDeps, sweepChunk, sweepChunks } from "./sweep-chunks.ts";

export type SweepDeps = SweepChunksDeps &
  SweepBudgetsDeps & {
    hash: Hash;
    intake: ObjectStore;
    /** To plan. */
    uploads: Queue;
    /** The counts of a batch did not add up. */
    onCounts: (batch: string, outcome: "recounted" | "wrong") => void;
    /** Something could not be looked at, as an item that another version wrote; the rest was. */
    onError: (error: unknown, where: string) => void;
  };

export type Swept = {
  repairs: number;
  requeued: number;
  collects: number;
  uploads: number;
  stuckBatches: number;
  /** Batches whose counts did not add up: added up again from their chunks, or beyond that. */
  recounted: number;
  wrong: number;
  /** Reservations of lost workers that were settled at what they were. */
  uncertain: number;
};

const nothing: Swept = {
  repairs: 0,
  requeued: 0,
  collects: 0,
  uploads: 0,
  stuckBatches: 0,
  recounted: 0,
  wrong: 0,
  uncertain: 0,
};

const minute = 60_000;
/** Ages in milliseconds after which something is taken to have stopped. Long ones only guard against lost messages. */
const after = {
  /** A lease that ended this long ago: its worker was lost. It outlasts every worker anyhow. */
  lease: 5_000,
  /** A shard that nobody claimed: its message may be lost, or its queue is long; a second message does no harm. */
  unclaimed: 60 * minute,
  chunk: 30 * minute,
  collect: 20 * minute,
  planning: 30 * minute,
  upload: 15 * minute,
  /** A shard of a cancelled batch that nobody holds: it needs only to be told. One that waits is told at once. */
  cancelled: 5 * minute,
  /** A batch that runs this long past its deadline is stuck. */
  stuck: 30 * minute,
};
/** Open batches and chunks looked at at the same time. */
const atOnce = 16;
/** An upload older than this is not looked for any more. */
const oldestUpload = 48 * 60 * minute;

/**
 * Finds what should have moved and has not, and moves it. Everything it does can be repeated. What cannot be looked at
 * stands in nobody else's way.
 */
export async function sweep(deps: SweepDeps): Promise<Swept> {
  const swept = { ...nothing };
  const nowMs = deps.clock();
  const apart = async (where: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      deps.onError(error, where);
    }
  };
  const sweepOne = (entry: OpenEntry | UnknownEntry) =>
    apart(`${entry.kind} ${entry.id}`, () => sweepEntry(entry, nowMs, swept, deps));
  await apart("what is open", async () => {
    let some: (OpenEntry | UnknownEntry)[] = [];
    for await (const entry of deps.open.list()) {
      some.push(entry);
      if (some.length < atOnce) continue;
      await Promise.all(some.map(sweepOne));
      some = [];
    }
    await Promise.all(some.map(sweepOne));
  });
  await apart("budgets", async () => {
    swept.uncertain += await sweepBudgets(deps);
  });
  // Listing the bucket costs by its size: once an hour.
  if (Math.floor(nowMs / minute) % 60 === 0) await apart("uploads", () => sweepUploads(nowMs, swept, deps));
  return swept;
}

async function sweepEntry(
  entry: OpenEntry | UnknownEntry,
  nowMs: number,
  swept: Swept,
  deps: SweepDeps,
): Promise<void> {
  switch (entry.kind) {
    case "batch":
      return sweepBatch(entry, nowMs, swept, deps);
    case "chunk":
      return sweepAdHoc(entry, nowMs, swept, deps);
    case "unknown":
      throw new Error("Another version of Switchyard marked something as open that this one does not know.");
  }
}

async function sweepBatch(entry: OpenEntry, nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  const batch = await deps.batches.read(entry.id);
  if (batch === undefined || batch.announced === true) {
    if (batch !== undefined || nowMs - entry.sinceMs > after.planning) await deps.open.remove(entry);
    return;
  }
  if (batch.maxCostNanoUsd !== undefined || Object.values(deps.budgets() ?? {}).some(({ per }) => per === "batch"))
    swept.uncertain += await sweepLedgers(batchPeriod(batch.id), deps);
  if (nowMs > batch.deadlineMs + after.stuck) swept.stuckBatches += 1;
  if (batch.state === "planning") {
    const ageMs = nowMs - entry.sinceMs;
    if (ageMs > after.planning && ageMs < oldestUpload && dueNow(nowMs, entry.sinceMs, after.planning))
      await announceUpload(batch, swept, deps);
    return;
  }
  if (batch.state === "running" && !allChunksDone(batch)) return sweepChunks(batch, overdue(nowMs, batch), swept, deps);
  if (batch.state === "running" && !isConserved(batch)) {
    // Collect refuses it as it is.
    const outcome = await recount(batch, deps);
    swept[outcome] += 1;
    deps.onCounts(batch.id, outcome);
    if (outcome === "wrong") return;
  }
  if (nowMs - batch.collectAskedAtMs < after.collect) return;
  await askForCollect({ kind: "batch", batch: batch.id }, deps);
  await deps.batches.apply(batch.id, { type: "ask-collect", nowMs });
  swept.collects += 1;
}

async function sweepAdHoc(entry: OpenEntry, nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  const chunk = await deps.chunks.read(entry.id);
  if (chunk === undefined || chunk.state === "abandoned") {
    if (nowMs - entry.sinceMs > after.chunk) await deps.open.remove(entry);
  } else if (chunk.state === "forming") {
    // Its messages come again and take its jobs over.
    if ((chunk.formingUntilMs ?? 0) < nowMs) await deps.chunks.apply(entry.id, { type: "abandon", nowMs });
  } else await sweepChunk(entry.id, chunk, overdue(nowMs), swept, deps);
}

/** What has been quiet for so long that its message may be lost. */
function overdue(nowMs: number, batch?: Batch): Due {
  const acceptedAtMs = batch?.acceptedAtMs ?? nowMs;
  return {
    unplanned: () => nowMs - acceptedAtMs > after.chunk && dueNow(nowMs, acceptedAtMs, after.chunk),
    shard: (shard, chunk) => isOverdue(shard, chunk, nowMs, batch?.cancelledAtMs),
  };
}

function isOverdue(shard: Shard, chunk: Chunk, nowMs: number, cancelledAtMs: number | undefined): boolean {
  const repairedAtMs = shard.repairedAtMs ?? 0;
  // Its queue may be long: each repair is followed later by the next.
  const againMs = Math.min(after.unclaimed, 5 * minute * 2 ** (shard.repairs ?? 0));
  if (shard.leaseUntilMs > 0) return nowMs - shard.leaseUntilMs > after.lease && nowMs - repairedAtMs > againMs;
  if (cancelledAtMs !== undefined) {
    if (repairedAtMs > cancelledAtMs) return nowMs - repairedAtMs > againMs;
    return (shard.notBeforeMs ?? 0) > nowMs || nowMs - cancelledAtMs > after.cancelled;
  }
  return nowMs - Math.max(chunk.plannedAtMs ?? 0, shard.notBeforeMs ?? 0, repairedAtMs) > after.unclaimed;
}

/** Once in every period since a start, for a sweep that runs every minute. */
function dueNow(nowMs: number, sinceMs: number, periodMs: number): boolean {
  return Math.floor((nowMs - sinceMs) / minute) % Math.floor(periodMs / minute) === 0;
}

async function sweepUploads(nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  for await (const { key, modifiedAtMs } of deps.intake.list("uploads/")) {
    const ageMs = nowMs - modifiedAtMs;
    if (!key.endsWith(".jsonl") || ageMs < after.upload || ageMs > oldestUpload) continue;
    const head = await deps.intake.head(key);
    if (head === undefined || (await deps.batches.read(batchId(key, head.etag, deps.hash))) !== undefined) continue;
    await announceUpload({ key, etag: head.etag }, swept, deps);
  }
}

async function announceUpload(upload: { key: string; etag: string }, swept: Swept, deps: SweepDeps): Promise<void> {
  const { key, etag } = upload;
  const message: UploadMessage = { detail: { object: { key, etag } } };
  await deps.uploads.send([{ body: JSON.stringify(message) }]);
  swept.uploads += 1;
}
