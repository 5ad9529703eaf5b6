import type { Chunk } from "../protocol/chunk.ts";
import { unclaimed } from "../protocol/effects.ts";
import { parentId } from "../protocol/shard.ts";

/** The root shards of a planned chunk that nobody has claimed yet. */
export function unclaimedRoots(chunk: Chunk): string[] {
  return unclaimed(chunk).flatMap((effect) =>
    effect.kind === "send" && parentId(effect.shard) === undefined ? [effect.shard] : [],
  );
}
