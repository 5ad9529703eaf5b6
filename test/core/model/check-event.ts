import type { Batch, BatchEvent } from "../../../lib/core/protocol/batch.ts";
import type { Chunk, ChunkEvent } from "../../../lib/core/protocol/chunk.ts";
import { Violation } from "./violation.ts";

/** Throws when a chunk took an event that it had to refuse. */
export function checkChunkEvent(before: Chunk | undefined, event: ChunkEvent): void {
  if (event.type !== "commit" && event.type !== "release") return;
  const shard = before?.shards[event.shard];
  if (shard?.state !== "open") throw new Violation(`Shard ${event.shard} took a ${event.type} and was not open.`);
  if (shard.fence !== event.fence)
    throw new Violation(`Shard ${event.shard} took a ${event.type} of an owner that was overtaken.`);
}

/** Throws when a batch took an event that it had to refuse. */
export function checkBatchEvent(before: Batch | undefined, event: BatchEvent): void {
  if (event.type === "complete" && before?.completedAtMs !== undefined)
    throw new Violation("The batch was completed twice.");
}
