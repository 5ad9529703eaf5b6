import type { Attempt } from "../attempt.ts";
import { totalCost } from "../protocol/counts.ts";
import { type Copies, copiesOf } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { childId, freshShard, type Shard } from "../protocol/shard.ts";
import { earlierSegment } from "./adopt.ts";
import { closeCancelled } from "./close-cancelled.ts";
import type { Gate } from "./gate.ts";
import { claimOf, commitSegment, type Owned, type OwnerDeps, spenderOf, writeAndCommit } from "./owner.ts";
import { loadPayload } from "./shard-message.ts";

/** A lost worker's shard is cut into parts of this many jobs, and those into single ones: 200 → 14 → 1. */
const partSize = 14;

/**
 * Closes a claimed shard that needs no calls of this owner: with the newest segment of an owner before it; as cancelled
 * when its batch is; as `internal` when its bytes are gone; or split, when its last owner was lost, so that a job that kills its worker does not burn its
 * neighbours' chances. One job alone that lost its worker has made an attempt, `worker-lost`. True when it is closed.
 */
export async function closeWithout(owned: Owned, deps: OwnerDeps & { gate: Gate }): Promise<boolean> {
  const { message, shard, chunk } = owned;
  const { payload } = message;
  // Owners that give a shard back write nothing: only a lost one leaves a lease, and perhaps a segment. Its calls were
  // paid for and count, cancelled or not.
  const mayAdopt = payload.kind === "gone" ? shard.fence > 1 : shard.foundLeaseMs > 0;
  if (mayAdopt && (await adopt(owned, deps))) return true;
  // What it did nobody knows: it may have spent all that it had reserved.
  if (shard.foundLeaseMs > 0) await deps.budgets.settleEarlier(claimOf(owned), spenderOf(owned));
  if ((payload.kind === "gone" && payload.cancelled) || (await deps.cancellations.has(chunk.batch)))
    return closeCancelled(owned, deps);
  if (payload.kind === "gone") return closeGone(owned, payload, deps);
  if (shard.foundLeaseMs === 0) return false;
  const common = { deployment: shard.deployment, zone: shard.zone, round: shard.round };
  const records: SegmentRecord[] = [];
  const children: Record<string, Shard> = {};
  if (shard.lines === 1) {
    const { jobs } = await loadPayload(message, deps.objects);
    const attempt: Attempt = {
      deployment: shard.deployment,
      outcome: "worker-lost",
      startedAtMs: shard.foundLeaseMs,
      latencyMs: 0,
      inputTokens: 0,
      outputTokens: 0,
      costNanoUsd: 0,
    };
    await deps.gate.report(shard.deployment, { kind: "call" }, "worker-lost");
    for (const { line } of jobs) records.push({ line, attempts: [attempt] });
    children[childId(message.shard, 0)] = freshShard({
      ...common,
      lines: 1,
      pick: encodePick([0], 1),
      excluded: { ...shard.excluded, [shard.deployment]: "transient" },
      alone: true,
    });
  } else {
    const size = shard.lines > partSize ? partSize : 1;
    for (let from = 0, part = 0; from < shard.lines; from += size, part++) {
      const lines = Math.min(size, shard.lines - from);
      const indices = Array.from({ length: lines }, (_, offset) => from + offset);
      const pick = encodePick(indices, shard.lines);
      children[childId(message.shard, part)] = freshShard({
        ...common,
        lines,
        pick,
        excluded: shard.excluded,
        alone: true,
      });
    }
  }
  await writeAndCommit(owned, segmentOf(records, children), deps);
  return true;
}

async function adopt(owned: Owned, deps: OwnerDeps): Promise<boolean> {
  const { message, shard } = owned;
  const earlier = await earlierSegment(message.chunk, message.shard, shard.fence, deps.objects);
  if (earlier === undefined) return false;
  const { name, segment } = earlier;
  await deps.budgets.settleEarlier(claimOf(owned), spenderOf(owned), async (fence) =>
    String(fence) === name ? totalCost(segment.header.costNanoUsd) : undefined,
  );
  await commitSegment(owned, name, segment, deps);
  return true;
}

async function closeGone(
  owned: Owned,
  { lines, copies }: { lines: readonly number[]; copies?: Copies | undefined },
  deps: OwnerDeps,
): Promise<boolean> {
  const message = "The job's bytes are gone (the upload was replaced or removed); send it again.";
  const result = { kind: "failed", error: { code: "internal", message } } as const;
  const records = lines.map((line): SegmentRecord => ({ line, attempts: [], result, ...copiesOf(copies, line) }));
  await writeAndCommit(owned, segmentOf(records, {}), deps);
  return true;
}
