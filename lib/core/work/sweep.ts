import { batchId, chunkId, type Hash } from "../batch-id.ts";
import type { BatchStore, ChunkStore, Clock, ObjectStore, OpenEntry, OpenStore, Queue } from "../ports.ts";
import { allChunksDone, type Batch } from "../protocol/batch.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { isDone } from "../protocol/effects.ts";
import type { UploadMessage } from "../protocol/messages.ts";
import type { Shard } from "../protocol/shard.ts";
import { keys } from "./keys.ts";
import { askForCollect, finishChunk } from "./settle.ts";

export type SweepDeps = {
  clock: Clock;
  hash: Hash;
  intake: ObjectStore;
  batches: BatchStore;
  chunks: ChunkStore;
  open: OpenStore;
  /** To classify, to collect, to plan. */
  chunksQueue: Queue;
  collect: Queue;
  uploads: Queue;
};

export type Swept = { repairs: number; requeued: number; collects: number; uploads: number; stuckBatches: number };

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

/** Finds what should have moved and has not, and moves it. Everything it does can be repeated. */
export async function sweep(deps: SweepDeps): Promise<Swept> {
  const swept: Swept = { repairs: 0, requeued: 0, collects: 0, uploads: 0, stuckBatches: 0 };
  const nowMs = deps.clock();
  const sweepOne = (entry: OpenEntry) =>
    entry.kind === "batch" ? sweepBatch(entry, nowMs, swept, deps) : sweepAdHoc(entry, nowMs, swept, deps);
  let some: OpenEntry[] = [];
  for await (const entry of deps.open.list()) {
    some.push(entry);
    if (some.length < atOnce) continue;
    await Promise.all(some.map(sweepOne));
    some = [];
  }
  await Promise.all(some.map(sweepOne));
  // Listing the bucket costs by its size: once an hour.
  if (Math.floor(nowMs / minute) % 60 === 0) await sweepUploads(nowMs, swept, deps);
  return swept;
}

async function sweepBatch(entry: OpenEntry, nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  const batch = await deps.batches.read(entry.id);
  if (batch === undefined || batch.announced === true) {
    if (batch !== undefined || nowMs - entry.sinceMs > after.planning) await deps.open.remove(entry);
    return;
  }
  if (nowMs > batch.deadlineMs + after.stuck) swept.stuckBatches += 1;
  if (batch.state === "planning") {
    const ageMs = nowMs - entry.sinceMs;
    if (ageMs > after.planning && ageMs < oldestUpload && dueNow(nowMs, entry.sinceMs, after.planning))
      await announceUpload(batch, swept, deps);
    return;
  }
  if (batch.state === "running" && !allChunksDone(batch)) return sweepChunks(batch, nowMs, swept, deps);
  if (nowMs - batch.collectAskedAtMs < after.collect) return;
  await askForCollect({ kind: "batch", batch: batch.id }, deps);
  await deps.batches.apply(batch.id, { type: "ask-collect", nowMs });
  swept.collects += 1;
}

async function sweepChunks(batch: Batch, nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  const done = new Set(batch.chunksDone);
  let index: string[] | undefined;
  for (let number = 0; number < (batch.chunks ?? 0); number++) {
    if (done.has(number)) continue;
    const id = chunkId(batch.id, number);
    const chunk = await deps.chunks.read(id);
    if (chunk !== undefined) await sweepChunk(id, chunk, nowMs, swept, deps, batch.cancelledAtMs);
    else if (nowMs - batch.acceptedAtMs > after.chunk && dueNow(nowMs, batch.acceptedAtMs, after.chunk)) {
      index ??= (await deps.intake.get(keys.chunkIndex(batch.id)))?.split("\n") ?? [];
      const message = index[number];
      if (message === undefined) continue;
      await deps.chunksQueue.send([{ body: message }]);
      swept.requeued += 1;
    }
  }
}

async function sweepAdHoc(entry: OpenEntry, nowMs: number, swept: Swept, deps: SweepDeps): Promise<void> {
  const chunk = await deps.chunks.read(entry.id);
  if (chunk === undefined || chunk.state === "abandoned") {
    if (nowMs - entry.sinceMs > after.chunk) await deps.open.remove(entry);
  } else if (chunk.state === "forming") {
    // Its messages come again and take its jobs over.
    if ((chunk.formingUntilMs ?? 0) < nowMs) await deps.chunks.apply(entry.id, { type: "abandon", nowMs });
  } else await sweepChunk(entry.id, chunk, nowMs, swept, deps);
}

async function sweepChunk(
  id: string,
  chunk: Chunk,
  nowMs: number,
  swept: Swept,
  deps: SweepDeps,
  cancelledAtMs?: number,
): Promise<void> {
  if (isDone(chunk)) return finishChunk(id, chunk, deps);
  for (const [nested, state] of Object.entries(chunk.nested)) {
    const child = state === "open" ? await deps.chunks.read(nested) : undefined;
    if (child !== undefined) await sweepChunk(nested, child, nowMs, swept, deps, cancelledAtMs);
  }
  for (const [shard, entry] of Object.entries(chunk.shards)) {
    if (entry.state === "closed" || !isOverdue(entry, chunk, nowMs, cancelledAtMs)) continue;
    const event = { type: "repair", shard, fence: entry.fence, nowMs } as const;
    if ((await deps.chunks.apply(id, event)).kind === "refused") continue;
    await deps.chunksQueue.send([{ body: JSON.stringify({ kind: "repair", chunk: id, shard }) }]);
    swept.repairs += 1;
  }
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
