import type { Queue } from "../ports.ts";
import type { Move } from "../protocol/chunk.ts";
import { addLimited } from "../protocol/limited.ts";
import { copiesOf, type Payload } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { type Segment, type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { childId, type Exclusions, freshShard, type Shard } from "../protocol/shard.ts";
import type { Grant } from "./budgets.ts";
import type { Hop } from "./hop.ts";
import { type Owned, type OwnerDeps, release, writeAndCommit } from "./owner.ts";
import type { JobEnd } from "./run-job.ts";

/** A shard of which this worker is the owner, and what it reserved for it. */
type Ended = Owned & { payload: Payload; hop: Hop; grant: Grant };

/** How long a shard rests after broken infrastructure, milliseconds. */
export const brokenRestMs = 30_000;

/**
 * Closes a shard whose jobs have ended: writes its segment, commits it, sends what follows. A whole shard that was not
 * begun is released: to its own queue, or to its lane's dead letters. Gives the segment, if it is the one that counts.
 */
export async function closeShard(
  owned: Ended,
  ends: readonly JobEnd[],
  queues: { own: Queue; dead: Queue },
  deps: OwnerDeps,
): Promise<{ name: string; segment: Segment } | undefined> {
  const { message, shard } = owned;
  // Broken infrastructure is not knocked at again at once.
  const broken = ends.some((end) => end.kind === "put-back" && end.broken === true);
  const notBeforeMs = broken ? deps.clock() + brokenRestMs : 0;
  const untouched = (end: JobEnd) => (end.kind === "put-back" || end.kind === "waits") && end.attempts.length === 0;
  if (ends.every((end) => end.kind === "cooling" || untouched(end))) {
    // Before the release: who claims it next looks for no reservation of an owner that gave it back.
    await deps.budgets.settle([{ grant: owned.grant, costNanoUsd: owned.grant.purse.spentNanoUsd }]);
    if (!ends.every(untouched)) {
      await release(message, shard, queues.dead, deps, limitsOf(shard, ends));
      return undefined;
    }
    const waits = waitOf(ends);
    const move = waits === undefined ? undefined : { notBeforeMs: waits.untilMs, waitsFor: waits };
    const later = { ...message, notBeforeMs: move?.notBeforeMs ?? notBeforeMs };
    await release(later, shard, queues.own, deps, move);
    return undefined;
  }

  const { segment, detour } = segmentFor(owned, ends, notBeforeMs, deps.clock());
  const counts = await writeAndCommit(owned, segment, deps, detour);
  return counts ? { name: String(shard.fence), segment } : undefined;
}

/** The soonest that one of its jobs may find something left in its budget; undefined if some wait for nothing. */
function waitOf(ends: readonly JobEnd[]): Shard["waitsFor"] {
  const waits = ends.flatMap((end) => (end.kind === "waits" ? [{ budget: end.budget, untilMs: end.untilMs }] : []));
  return waits.length < ends.length ? undefined : waits.toSorted((a, b) => a.untilMs - b.untilMs)[0];
}

/** The rate limits that a shard met: all that happened to it, and it cost nothing, so they are only counted. */
function limitsOf(shard: Shard, ends: readonly JobEnd[]): Move | undefined {
  const counts = ends.map(({ attempts }) => attempts.reduce((sum, { count }) => sum + (count ?? 1), 0));
  if (counts.every((count) => count === 0)) return undefined;
  const before = shard.limited?.[shard.deployment];
  return { limited: { ...shard.limited, [shard.deployment]: addLimited(before, counts) } };
}

function segmentFor(
  owned: Ended,
  ends: readonly JobEnd[],
  notBeforeMs: number,
  nowMs: number,
): { segment: Segment; detour: Set<string> } {
  const { message, shard, payload, hop } = owned;
  const records: SegmentRecord[] = [];
  const groups = new Map<string, { ends: JobEnd[]; excluded: Exclusions; indices: number[] }>();
  ends.forEach((end, index) => {
    const job = payload.jobs[index];
    if (job === undefined) return;
    if (end.kind === "done") {
      const { attempts, result } = end;
      records.push({ line: job.line, attempts, result, ...copiesOf(payload.copies, job.line) });
    } else {
      const refused = end.kind === "goes-on" && end.refused !== undefined ? { refused: end.refused } : {};
      if (end.attempts.length > 0 || "refused" in refused)
        records.push({ line: job.line, attempts: end.attempts, ...refused });
      const excluded = end.kind === "goes-on" ? { ...shard.excluded, ...end.exclude } : shard.excluded;
      // Jobs end at different times, and so would their waits.
      const wait = end.kind === "waits" ? `${end.budget} ${end.isUsedUp}` : "";
      const key = `${end.kind} ${wait} ${JSON.stringify(Object.entries(excluded).toSorted())}`;
      const group = groups.get(key) ?? { ends: [], excluded, indices: [] };
      groups.set(key, group);
      group.ends.push(end);
      group.indices.push(index);
    }
  });
  const detour = new Set<string>();
  const children: Record<string, Shard> = {};
  for (const { ends: alike, excluded, indices } of groups.values()) {
    const id = childId(message.shard, Object.keys(children).length);
    if (alike[0]?.kind === "cooling") detour.add(id);
    const waitsFor = waitOf(alike);
    const untilMs = waitsFor?.untilMs ?? notBeforeMs;
    children[id] = freshShard({
      deployment: shard.deployment,
      zone: shard.zone,
      lines: indices.length,
      pick: encodePick(indices, payload.jobs.length),
      round: shard.round,
      excluded,
      ...(shard.alone === true ? { alone: shard.alone } : {}),
      ...(untilMs > 0 ? { notBeforeMs: untilMs } : {}),
      ...(waitsFor === undefined ? {} : { waitsFor }),
    });
  }
  return { segment: segmentOf(records, children, { atMs: nowMs, policies: [...hop.versions] }), detour };
}
