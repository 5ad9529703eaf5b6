import { chunkId } from "../../core/batch-id.ts";
import type { BatchStore, ChunkStore } from "../../core/ports.ts";
import type { Batch } from "../../core/protocol/batch.ts";
import { type Counts, noCounts, totalCost, totalOf } from "../../core/protocol/counts.ts";
import { usdOfNano } from "../format.ts";
import type { Stage } from "../progress.ts";

/** How far a batch is, read from its item and the items of its chunks. */
export type BatchStatus = {
  batch: string;
  key: string;
  state: Batch["state"];
  acceptedAt: string;
  cancelledAt?: string;
  completedAt?: string;
  /** Unknown until the whole upload has been read. */
  lines?: number;
  /** Lines that have a route, or a reason why they have none. */
  classified: number;
  /** Lines that are not classified yet; unknown as long as `lines` is. */
  unplanned?: number;
  /** Lines in a shard that no worker holds: queued, or waiting for a deployment. */
  waiting: number;
  /** Lines in a shard that a worker holds; it may have answered some of them. */
  running: number;
  /** `lines = unplanned + waiting + running + succeeded + failed + cancelled`. */
  counts: Counts;
  /** Jobs that ended, cancelled ones apart, for each second since the batch was accepted. */
  jobsPerSecond: number;
  /** At that rate; unknown before the first job has ended, and once the batch is over or cancelled. */
  secondsLeft?: number;
  costUsd: number;
  /** What it may cost, as its owner said. */
  maxCostUsd?: number;
  /** Of the waiting lines, how many wait for a budget, by its name. */
  waitingForBudgets?: Record<string, number>;
  /** The results are there. */
  collected: boolean;
  failure?: string;
};

export type StatusSources = { batches: BatchStore; chunks: Pick<ChunkStore, "read">; clock: () => number };

/** Chunk items read at once. */
const readsAtOnce = 20;

/** The batch as it stands; undefined when its upload has not been read yet, or there is no such batch. */
export async function readBatchStatus(id: string, sources: StatusSources): Promise<BatchStatus | undefined> {
  const batch = await sources.batches.read(id);
  return batch === undefined ? undefined : readStatusOf(batch, sources);
}

/** The same of a batch that has been read. */
export async function readStatusOf(batch: Batch, sources: Omit<StatusSources, "batches">): Promise<BatchStatus> {
  const nowMs = sources.clock();
  const added: Progress = {
    lines: totalOf(batch.counts),
    running: 0,
    counts: batch.counts,
    nanoUsd: totalCost(batch.costNanoUsd),
    budgets: {},
  };
  return statusOf(batch, sum([added, ...(await readOpenChunks(batch, sources.chunks, nowMs))]), nowMs);
}

type Progress = {
  lines: number;
  running: number;
  counts: Counts;
  nanoUsd: number;
  /** Lines that wait for a budget, by its name. */
  budgets: Record<string, number>;
};

/** Chunks that the batch has not added up yet: their own items know how far they are. The others are not read. */
async function readOpenChunks(batch: Batch, chunks: Pick<ChunkStore, "read">, nowMs: number): Promise<Progress[]> {
  if (batch.state !== "running") return [];
  const done = new Set(batch.chunksDone);
  const open = Array.from({ length: batch.chunks ?? 0 }, (_, number) => number).filter((number) => !done.has(number));
  const progress: Progress[] = [];
  for (let at = 0; at < open.length; at += readsAtOnce) {
    const some = open.slice(at, at + readsAtOnce);
    progress.push(...(await Promise.all(some.map((number) => readChunk(chunkId(batch.id, number), chunks, nowMs)))));
  }
  return progress;
}

/** A chunk with those of its child chunks that it has not added up: every line is in exactly one of the items. */
async function readChunk(id: string, chunks: Pick<ChunkStore, "read">, nowMs: number): Promise<Progress> {
  const chunk = await chunks.read(id);
  if (chunk === undefined) return sum([]);
  const held = Object.values(chunk.shards).filter(
    ({ state, leaseUntilMs }) => state === "open" && leaseUntilMs > nowMs,
  );
  const own: Progress = {
    lines: chunk.lines ?? 0,
    running: held.reduce((total, { lines }) => total + lines, 0),
    counts: chunk.counts,
    nanoUsd: totalCost(chunk.costNanoUsd),
    budgets: {},
  };
  for (const { state, lines, notBeforeMs = 0, waitsFor } of Object.values(chunk.shards))
    if (state === "open" && notBeforeMs > nowMs && waitsFor?.untilMs === notBeforeMs)
      own.budgets[waitsFor.budget] = (own.budgets[waitsFor.budget] ?? 0) + lines;
  const nested = Object.entries(chunk.nested).filter(([, state]) => state === "open");
  return sum([own, ...(await Promise.all(nested.map(([child]) => readChunk(child, chunks, nowMs))))]);
}

function sum(parts: readonly Progress[]): Progress {
  const total: Progress = { lines: 0, running: 0, counts: { ...noCounts }, nanoUsd: 0, budgets: {} };
  for (const { lines, running, counts, nanoUsd, budgets } of parts) {
    total.lines += lines;
    total.running += running;
    total.counts.succeeded += counts.succeeded;
    total.counts.failed += counts.failed;
    total.counts.cancelled += counts.cancelled;
    total.nanoUsd += nanoUsd;
    for (const [name, waiting] of Object.entries(budgets)) total.budgets[name] = (total.budgets[name] ?? 0) + waiting;
  }
  return total;
}

function statusOf(batch: Batch, progress: Progress, nowMs: number): BatchStatus {
  const { lines: classified, running, counts, nanoUsd, budgets } = progress;
  const { lines, acceptedAtMs, cancelledAtMs, completedAtMs } = batch;
  const ended = totalOf(counts);
  const seconds = Math.max(1, (completedAtMs ?? nowMs) - acceptedAtMs) / 1000;
  const jobsPerSecond = (counts.succeeded + counts.failed) / seconds;
  const isEnding = cancelledAtMs !== undefined || completedAtMs !== undefined;
  return {
    batch: batch.id,
    key: batch.key,
    state: batch.state,
    acceptedAt: new Date(acceptedAtMs).toISOString(),
    ...(cancelledAtMs === undefined ? {} : { cancelledAt: new Date(cancelledAtMs).toISOString() }),
    ...(completedAtMs === undefined ? {} : { completedAt: new Date(completedAtMs).toISOString() }),
    ...(lines === undefined ? {} : { lines, unplanned: lines - classified }),
    classified,
    waiting: classified - ended - running,
    running,
    counts,
    jobsPerSecond,
    ...(lines === undefined || isEnding || jobsPerSecond === 0 ? {} : { secondsLeft: (lines - ended) / jobsPerSecond }),
    costUsd: usdOfNano(nanoUsd),
    ...(batch.maxCostNanoUsd === undefined ? {} : { maxCostUsd: usdOfNano(batch.maxCostNanoUsd) }),
    ...(Object.keys(budgets).length === 0 ? {} : { waitingForBudgets: budgets }),
    collected: batch.state === "completed" || batch.state === "cancelled" || batch.announced === true,
    ...(batch.failure === undefined ? {} : { failure: batch.failure }),
  };
}

/**
 * What people are told of a batch: 100 % only once its results are there. Whatever is left of a large batch would round
 * to it before, and its lines have ended before their results are written.
 */
export function standingOf(status: BatchStatus): { state: string; done: string } {
  const { state, lines, counts, collected, cancelledAt } = status;
  const ended = totalOf(counts);
  const isCollecting = !collected && state === "running" && ended === lines;
  const shown = cancelledAt !== undefined && !collected ? "cancelling" : isCollecting ? "collecting" : state;
  if (lines === undefined || lines === 0) return { state: shown, done: "–" };
  const percent = collected ? 100 : Math.min(99.9, Math.floor((ended / lines) * 1000) / 10);
  return { state: shown, done: `${percent.toFixed(1)} %` };
}

/** Lines that can be looked at as often as `everyMs`; reading the items of many chunks costs by their number. */
const linesOfOneLook = 40_000;

/** How long to wait before looking again: longer while much is left of a large batch. */
export function nextLookMs(status: BatchStatus | undefined, everyMs: number): number {
  const left = (status?.lines ?? 0) - (status === undefined ? 0 : totalOf(status.counts));
  return everyMs * Math.max(1, left / linesOfOneLook);
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
