import type { Chunk } from "../protocol/chunk.ts";
import { afterPlan } from "../protocol/effects.ts";

/** The root shards of a planned chunk that nobody has claimed yet. */
export function unclaimedRoots(chunk: Chunk): string[] {
  return afterPlan(chunk).flatMap((effect) => (effect.kind === "send" ? [effect.shard] : []));
}
