import type { Chunk } from "../protocol/chunk.ts";
import { decodePick } from "../protocol/pick.ts";
import type { Plan, PlanRoot } from "../protocol/plan.ts";
import { lineage } from "../protocol/shard.ts";

/** Which of its root's jobs a shard has; undefined for all. Each pick is over its parent's. */
export function pickedOf(shards: Chunk["shards"], shard: string): number[] | undefined {
  let picked: number[] | undefined;
  for (const id of lineage(shard).slice(1)) {
    const own = decodePick(shards[id]?.pick ?? "");
    picked = picked === undefined ? own : own.flatMap((at) => picked?.[at] ?? []);
  }
  return picked;
}

/** The lines of a root's jobs, or of those picked, in their order. */
export function linesOf(plan: Plan, root: PlanRoot, picked: readonly number[] | undefined): number[] {
  const places = plan.order.slice(root.from, root.from + root.lines);
  const own = picked === undefined ? places : picked.flatMap((at) => places[at] ?? []);
  return own.flatMap((place) => plan.lines[place]?.line ?? []);
}
