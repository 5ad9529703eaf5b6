import type { Chunk } from "../protocol/chunk.ts";
import { decodePick } from "../protocol/pick.ts";
import { Plan } from "../protocol/plan.ts";
import { encodeSegment, type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { lineage } from "../protocol/shard.ts";
import { ancestry } from "./chunk-tree.ts";
import { keys } from "./keys.ts";
import type { NamePlanDeps } from "./name-plan.ts";
import { finishChunk, type SettleDeps } from "./settle.ts";

/** How long the claim that closes such a shard may take, milliseconds. */
const leaseMs = 60_000;

/** Closes an open shard whose jobs' bytes are gone: each of them ends as `internal`, none is lost. */
export async function endAsInternal(
  id: string,
  chunk: Chunk,
  shard: string,
  deps: NamePlanDeps & SettleDeps,
): Promise<void> {
  const nowMs = deps.clock();
  const claimed = await deps.chunks.apply(id, { type: "claim", shard, nowMs, leaseUntilMs: nowMs + leaseMs });
  const entry = claimed.kind === "applied" ? claimed.chunk.shards[shard] : undefined;
  const text = chunk.plan === undefined ? undefined : await deps.intake.get(chunk.plan);
  if (entry === undefined || text === undefined) return;

  const message = "The job's bytes are gone (the upload was replaced or removed); send it again.";
  const result = { kind: "failed", error: { code: "internal", message } } as const;
  const records = linesOf(Plan.parse(JSON.parse(text)), await ancestry(chunk, deps.chunks), shard).map(
    (line): SegmentRecord => ({ line, attempts: [], result }),
  );
  const segment = segmentOf(records, {});
  const name = String(entry.fence);
  await deps.zones[entry.zone].put(keys.segment(id, shard, name), encodeSegment(segment));
  const { counts, costNanoUsd, children } = segment.header;
  const event = { type: "commit", shard, fence: entry.fence, segment: name, counts, costNanoUsd, children } as const;
  const committed = await deps.chunks.apply(id, event);
  if (committed.kind === "applied") await finishChunk(id, committed.chunk, deps);
}

function linesOf(plan: Plan, shards: Chunk["shards"], shard: string): number[] {
  const [rootId, ...children] = lineage(shard);
  const root = plan.roots.find((candidate) => candidate.shard === rootId);
  if (root === undefined) return [];
  let places = plan.order.slice(root.from, root.from + root.lines);
  for (const child of children) places = decodePick(shards[child]?.pick ?? "").flatMap((at) => places[at] ?? []);
  return places.flatMap((place) => plan.lines[place]?.line ?? []);
}
