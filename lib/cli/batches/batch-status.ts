import { chunkId } from "../../core/batch-id.ts";
import type { BatchStore, ChunkStore } from "../../core/ports.ts";
import type { Batch } from "../../core/protocol/batch.ts";
import { type Counts, totalCost, totalOf } from "../../core/protocol/counts.ts";
import { usdOfNano } from "../format.ts";
import type { Stage } from "../progress.ts";

/** How far a batch is, read from its item and the items of its chunks. */
export type BatchStatus = {
  batch: string;
  key: string;
  state: Batch["state"];
  acceptedAt: string;
  completedAt?: string;
  /** Unknown until the whole upload has been read. */
  lines?: number;
  /** Lines that have a route, or a reason why they have none. */
  classified: number;
  counts: Counts;
  costUsd: number;
  /** The results are there. */
  collected: boolean;
  failure?: string;
};

/** Chunk items read at once. */
const readsAtOnce = 20;

/** The batch as it stands; undefined when its upload has not been read yet, or there is no such batch. */
export async function readBatchStatus(
  id: string,
  stores: { batches: BatchStore; chunks: ChunkStore },
): Promise<BatchStatus | undefined> {
  const batch = await stores.batches.read(id);
  return batch === undefined ? undefined : readStatusOf(batch, stores.chunks);
}

/** The same of a batch that has been read. */
export async function readStatusOf(batch: Batch, chunks: ChunkStore): Promise<BatchStatus> {
  return statusOf(batch, await readOpenChunks(batch, chunks));
}

type ChunkProgress = { lines: number; counts: Counts; costNanoUsd: number };

/** Chunks that the batch has not added up yet: their own items know how far they are. */
async function readOpenChunks(batch: Batch, chunks: ChunkStore): Promise<ChunkProgress[]> {
  if (batch.state !== "running") return [];
  const done = new Set(batch.chunksDone);
  const open = Array.from({ length: batch.chunks ?? 0 }, (_, number) => number).filter((number) => !done.has(number));
  const progress: ChunkProgress[] = [];
  for (let at = 0; at < open.length; at += readsAtOnce) {
    const read = await Promise.all(
      open.slice(at, at + readsAtOnce).map((number) => chunks.read(chunkId(batch.id, number))),
    );
    for (const chunk of read) {
      if (chunk === undefined) continue;
      progress.push({ lines: chunk.lines ?? 0, counts: chunk.counts, costNanoUsd: totalCost(chunk.costNanoUsd) });
    }
  }
  return progress;
}

function statusOf(batch: Batch, openChunks: readonly ChunkProgress[]): BatchStatus {
  const counts = { ...batch.counts };
  let nanoUsd = totalCost(batch.costNanoUsd);
  let classified = totalOf(batch.counts);
  for (const chunk of openChunks) {
    counts.succeeded += chunk.counts.succeeded;
    counts.failed += chunk.counts.failed;
    counts.cancelled += chunk.counts.cancelled;
    nanoUsd += chunk.costNanoUsd;
    classified += chunk.lines;
  }
  return {
    batch: batch.id,
    key: batch.key,
    state: batch.state,
    acceptedAt: new Date(batch.acceptedAtMs).toISOString(),
    ...(batch.completedAtMs === undefined ? {} : { completedAt: new Date(batch.completedAtMs).toISOString() }),
    ...(batch.lines === undefined ? {} : { lines: batch.lines }),
    classified,
    counts,
    costUsd: usdOfNano(nanoUsd),
    collected: batch.state === "completed" || batch.state === "cancelled" || batch.announced === true,
    ...(batch.failure === undefined ? {} : { failure: batch.failure }),
  };
}

/** A bar for each stage that a line passes: read from the upload, routed, answered, written to the results. */
export function stagesOf(status: BatchStatus | undefined, prefix = ""): Stage[] {
  const lines = status?.lines;
  const done = status === undefined ? 0 : totalOf(status.counts);
  const collected = status?.collected === true ? (lines ?? 0) : 0;
  return [
    { name: `${prefix}planned`, done: lines ?? 0, total: lines },
    { name: `${prefix}classified`, done: status?.classified ?? 0, total: lines },
    { name: `${prefix}done`, done, total: lines },
    { name: `${prefix}collected`, done: collected, total: lines },
  ];
}
