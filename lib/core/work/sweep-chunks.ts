import { chunkId } from "../batch-id.ts";
import type { BatchStore, ChunkStore, Clock, ObjectStore, OpenStore, Queue } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { isDone } from "../protocol/effects.ts";
import type { Shard } from "../protocol/shard.ts";
import { keys } from "./keys.ts";
import { finishChunk } from "./settle.ts";

export type SweepChunksDeps = {
  clock: Clock;
  intake: Pick<ObjectStore, "get">;
  batches: BatchStore;
  chunks: ChunkStore;
  open: OpenStore;
  /** To classify, and to collect. */
  chunksQueue: Queue;
  collect: Queue;
};

/** What is taken to have stopped. */
export type Due = {
  /** A chunk that has not been planned. */
  unplanned: () => boolean;
  /** An open shard. */
  shard: (shard: Shard, chunk: Chunk) => boolean;
};

/** Messages that were made again: of shards, and of chunks that have not been planned. */
export type Remade = { repairs: number; requeued: number };

/** Has the messages of a batch's chunks and shards made again that are due, and adds up chunks that are done. */
export async function sweepChunks(batch: Batch, due: Due, remade: Remade, deps: SweepChunksDeps): Promise<void> {
  const done = new Set(batch.chunksDone);
  let index: string[] | undefined;
  for (let number = 0; number < (batch.chunks ?? 0); number++) {
    if (done.has(number)) continue;
    const id = chunkId(batch.id, number);
    const chunk = await deps.chunks.read(id);
    if (chunk !== undefined) await sweepChunk(id, chunk, due, remade, deps);
    else if (due.unplanned()) {
      index ??= (await deps.intake.get(keys.chunkIndex(batch.id)))?.split("\n") ?? [];
      const message = index[number];
      if (message === undefined) continue;
      await deps.chunksQueue.send([{ body: message }]);
      remade.requeued += 1;
    }
  }
}

/** The same of one planned chunk, with the child chunks that it names. */
export async function sweepChunk(
  id: string,
  chunk: Chunk,
  due: Due,
  remade: Remade,
  deps: SweepChunksDeps,
): Promise<void> {
  if (isDone(chunk)) return finishChunk(id, chunk, deps);
  for (const [nested, state] of Object.entries(chunk.nested)) {
    const child = state === "open" ? await deps.chunks.read(nested) : undefined;
    if (child !== undefined) await sweepChunk(nested, child, due, remade, deps);
  }
  for (const [shard, entry] of Object.entries(chunk.shards)) {
    if (entry.state === "closed" || !due.shard(entry, chunk)) continue;
    const event = { type: "repair", shard, fence: entry.fence, nowMs: deps.clock() } as const;
    if ((await deps.chunks.apply(id, event)).kind === "refused") continue;
    await deps.chunksQueue.send([{ body: JSON.stringify({ kind: "repair", chunk: id, shard }) }]);
    remade.repairs += 1;
  }
}
