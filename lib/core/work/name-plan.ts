import type { ChunkApplied, ChunkStore, Clock, ObjectStore, ZoneObjects } from "../ports.ts";
import { noCounts } from "../protocol/counts.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import { encodeSegment, segmentOf } from "../protocol/segment.ts";
import { freshShard, type Shard } from "../protocol/shard.ts";
import { keys } from "./keys.ts";
import type { PlannedChunk } from "./plan-chunk.ts";
import { inlineLimitBytes } from "./shard-message.ts";

export type NamePlanDeps = {
  clock: Clock;
  /** A name that no other try has. */
  uniqueName: () => string;
  intake: ObjectStore;
  zones: ZoneObjects;
  chunks: ChunkStore;
};

/** Id of the closed shard that holds a zone's lines that never reach a lane. */
export const refusedShard = (zone: string) => `refused-${zone}`;

/**
 * Writes everything that a planned chunk needs, then names it in the chunk's item by one update; a try that comes second
 * is refused and its objects count for nothing. Gives the messages of the root shards.
 */
export async function namePlan(
  id: string,
  place: { batch: string; number: number } | undefined,
  planned: PlannedChunk,
  deps: NamePlanDeps,
): Promise<{ applied: ChunkApplied; messages: Map<string, ShardMessage> }> {
  const attempt = deps.uniqueName();
  const { plan } = planned;
  const shards: Record<string, Shard> = {};
  const messages = new Map<string, ShardMessage>();
  const writes: Promise<void>[] = [];

  planned.shards.forEach((shard, number) => {
    const root = plan.roots[number];
    if (root === undefined) throw new Error("A packed shard is missing in its plan.");
    shards[root.shard] = freshShard({
      deployment: shard.deployment,
      zone: shard.zone,
      lines: root.lines,
      from: root.from,
    });
    const priority = shard.priority === "high" ? { priority: shard.priority } : {};
    const { maxCostNanoUsd } = planned;
    const limited = maxCostNanoUsd === undefined ? ({ v: 1 } as const) : ({ v: 2, maxCostNanoUsd } as const);
    const place = { chunk: id, shard: root.shard, zone: shard.zone };
    const common = { ...place, policy: plan.policy, ...priority, ...limited };
    const tenant = shard.tenant === undefined ? {} : { tenant: shard.tenant };
    if (shard.payload.length <= inlineLimitBytes && utf8Length(shard.payload) <= inlineLimitBytes) {
      const payload: Payload = JSON.parse(shard.payload);
      messages.set(root.shard, { ...common, ...tenant, payload: { kind: "inline", payload } });
    } else {
      root.payload = keys.payload(id, attempt, root.shard);
      writes.push(deps.zones[shard.zone].put(root.payload, shard.payload));
      messages.set(root.shard, {
        ...common,
        ...tenant,
        payload: { kind: "object", key: root.payload, bytes: utf8Length(shard.payload) },
      });
    }
  });
  const counts = { ...noCounts };
  for (const zone of ["general", "restricted"] as const) {
    const records = planned.refused[zone];
    if (records.length === 0) continue;
    const shard = refusedShard(zone);
    shards[shard] = {
      ...freshShard({ deployment: "", zone, lines: records.length }),
      state: "closed",
      segment: attempt,
    };
    const segment = segmentOf(records, {});
    counts.failed += segment.header.counts.failed;
    counts.cancelled += segment.header.counts.cancelled;
    writes.push(deps.zones[zone].put(keys.segment(id, shard, attempt), encodeSegment(segment)));
  }
  const planKey = keys.plan(id, attempt);
  writes.push(deps.intake.put(planKey, JSON.stringify(plan)));
  await Promise.all(writes);

  const applied = await deps.chunks.apply(id, {
    type: "plan",
    adHoc: place === undefined,
    ...place,
    plan: planKey,
    policy: plan.policy,
    plannedAtMs: deps.clock(),
    lines: plan.lines.length,
    shards,
    counts,
  });
  return { applied, messages };
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}
