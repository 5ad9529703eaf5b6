import type { Batch } from "./batch.ts";
import { allChunksDone } from "./batch.ts";
import type { Chunk } from "./chunk.ts";
import { nestedOf } from "./nested.ts";
import { parentId, placeOf } from "./shard.ts";

/** What is still to be done outside the item; each can be repeated without harm. */
export type Effect =
  /** Send the message of an open shard that nobody has claimed: to its lane, or to its lane's dead-letter queue. */
  | { kind: "send"; shard: string; place: "lane" | "fallback" }
  /** Send the messages of the closed shard's children in a child chunk that nobody has claimed. */
  | { kind: "send-nested"; chunk: string }
  | { kind: "add-to-parent"; parent: string }
  | { kind: "add-to-batch"; batch: string; number: number }
  | { kind: "collect" };

/**
 * What follows from a closed shard: its children never claimed are sent (again), and a chunk that is done is added
 * (again) to its batch. The same after a commit as after a message that found its shard closed.
 */
export function afterClose(chunk: Chunk, shard: string): Effect[] {
  const nested: Effect[] = Object.entries(chunk.nested)
    .filter(([id, state]) => state === "open" && nestedOf(id) === shard)
    .map(([id]) => ({ kind: "send-nested", chunk: id }));
  return [...unclaimedChildren(chunk, shard), ...nested, ...whenDone(chunk)];
}

/**
 * The messages of a shard's own children that nobody has claimed, in its chunk or in a child chunk. Those of its
 * children's children are not among them: what they pick, they pick from their own parents.
 */
export function unclaimedChildren(chunk: Chunk, shard: string): Effect[] {
  return unclaimed(chunk).filter((effect) => effect.kind === "send" && parentId(effect.shard) === shard);
}

/** The messages of a chunk's shards that nobody has claimed: what a plan is sent as. */
export function unclaimed(chunk: Chunk): Effect[] {
  return Object.entries(chunk.shards)
    .filter(([, shard]) => shard.state === "open" && shard.fence === 0)
    .map(([id, shard]) => ({ kind: "send", shard: id, place: placeOf(shard) }));
}

/** Whoever sees all chunks done asks for collect. */
export function afterAdd(batch: Batch): Effect[] {
  return batch.state === "running" && allChunksDone(batch) ? [{ kind: "collect" }] : [];
}

export function isDone(chunk: Chunk): boolean {
  return (
    chunk.state === "planned" &&
    Object.values(chunk.shards).every((shard) => shard.state === "closed") &&
    Object.values(chunk.nested).every((state) => state === "done")
  );
}

/** What follows once a chunk is done: it is added to the chunk or the batch that it belongs to. */
export function whenDone(chunk: Chunk): Effect[] {
  if (!isDone(chunk)) return [];
  if (chunk.parent !== undefined) return [{ kind: "add-to-parent", parent: chunk.parent }];
  if (chunk.batch === undefined || chunk.number === undefined) return [];
  return [{ kind: "add-to-batch", batch: chunk.batch, number: chunk.number }];
}
