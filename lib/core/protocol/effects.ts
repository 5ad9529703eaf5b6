import type { Batch } from "./batch.ts";
import { allChunksDone } from "./batch.ts";
import type { Chunk } from "./chunk.ts";
import { parentId, placeOf } from "./shard.ts";

/** What is still to be done outside the item; each can be repeated without harm. */
export type Effect =
  /** Send the message of an open shard that nobody has claimed: to its lane, or to its lane's dead-letter queue. */
  | { kind: "send"; shard: string; place: "lane" | "fallback" }
  | { kind: "add-to-batch"; batch: string; number: number }
  | { kind: "collect" };

/**
 * What follows from a closed shard: its children never claimed are sent (again), and a chunk that is done is added
 * (again) to its batch. The same after a commit as after a message that found its shard closed.
 */
export function afterClose(chunk: Chunk, shard: string): Effect[] {
  const children: Effect[] = Object.entries(chunk.shards)
    .filter(([id, child]) => parentId(id) === shard && child.state === "open" && child.fence === 0)
    .map(([id, child]) => ({ kind: "send", shard: id, place: placeOf(child) }));
  return [...children, ...whenDone(chunk)];
}

/** What follows from a chunk planned, now or before: its roots never claimed are sent, and it may be done already. */
export function afterPlan(chunk: Chunk): Effect[] {
  const roots: Effect[] = Object.entries(chunk.shards)
    .filter(([id, shard]) => parentId(id) === undefined && shard.state === "open" && shard.fence === 0)
    .map(([id, shard]) => ({ kind: "send", shard: id, place: placeOf(shard) }));
  return [...roots, ...whenDone(chunk)];
}

/** Whoever sees all chunks done asks for collect. */
export function afterAdd(batch: Batch): Effect[] {
  return batch.state === "running" && allChunksDone(batch) ? [{ kind: "collect" }] : [];
}

export function isDone(chunk: Chunk): boolean {
  return chunk.state === "planned" && Object.values(chunk.shards).every((shard) => shard.state === "closed");
}

function whenDone(chunk: Chunk): Effect[] {
  if (!isDone(chunk) || chunk.batch === undefined || chunk.number === undefined) return [];
  return [{ kind: "add-to-batch", batch: chunk.batch, number: chunk.number }];
}
