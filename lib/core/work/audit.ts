import type { Attempt } from "../attempt.ts";
import type { Policy } from "../configuration/document.ts";
import { dayOf, isoTime } from "../day.ts";
import type { Zone } from "../names.ts";
import type { ObjectStore, ZoneObjects } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { rootChunk } from "../protocol/nested.ts";
import type { Plan } from "../protocol/plan.ts";
import { decodeSegment, type Segment, type SegmentRecord } from "../protocol/segment.ts";
import type { AuditRecord, DecisionRecord, HopRecord } from "./audit-record.ts";
import { keys } from "./keys.ts";
import { refusedShard } from "./name-plan.ts";
import { zoneOfRefused } from "./plan-chunk.ts";

/**
 * Writes the decision records of a planned chunk, an object a shard, under each zone's key. They are a function of the
 * plan that counts, so that writing them again changes nothing; do it before the shards' messages are sent.
 */
export async function auditDecisions(
  id: string,
  chunk: Chunk,
  plan: Plan,
  policy: Policy,
  zones: ZoneObjects,
): Promise<void> {
  const byShard = new Map<string, { zone: Zone; records: DecisionRecord[] }>();
  const shardOf = new Map<number, Plan["roots"][number]>();
  for (const root of plan.roots)
    for (const place of plan.order.slice(root.from, root.from + root.lines)) shardOf.set(place, root);
  // A line that another one runs for is recorded beside it.
  const placeOf = new Map(plan.lines.map(({ line }, place) => [line, place]));
  for (const [place, { line, decision: index, found = [], duplicateOf }] of plan.lines.entries()) {
    const decision = plan.decisions[index];
    if (decision === undefined) continue;
    const root = shardOf.get(duplicateOf === undefined ? place : (placeOf.get(duplicateOf) ?? place));
    const zone = root?.zone ?? (decision.kind === "routed" ? decision.zone : zoneOfRefused(policy, decision));
    const shard = root?.shard ?? refusedShard(zone);
    const { kind: _, rejected, ...decided } = decision;
    const {
      error,
      chain = [],
      zone: __,
      ...common
    } = { error: undefined, chain: undefined, zone: undefined, ...decided };
    const entry = byShard.get(shard) ?? { zone, records: [] };
    byShard.set(shard, entry);
    entry.records.push({
      kind: "decision",
      ...whereOf(id, chunk, shard, line, zone, chunk.plannedAtMs ?? 0),
      ...(root?.tenant === undefined ? {} : { tenant: root.tenant }),
      policyVersion: plan.policy,
      ...common,
      findings: found.flatMap(({ part, findings }) => findings.map((finding) => ({ part, ...finding }))),
      chain,
      rejected,
      ...(error === undefined ? {} : { code: error.code }),
      ...(error?.code === "policy-denied" ? { message: error.message } : {}),
    });
  }
  await Promise.all(
    [...byShard].map(([shard, { zone, records }]) => write(id, chunk, shard, "decision", records, zones[zone])),
  );
}

/** Where one owner's records of a shard go: the chunk as the commit left it, and the owner's own zone. */
type HopPlace = { chunkId: string; chunk: Chunk; shard: string; name: string; objects: ObjectStore };

/** Writes the hop records of a shard that was closed with this segment; again, it writes the same. */
export async function auditSegment(place: HopPlace, { header, records }: Segment): Promise<void> {
  const zone = place.chunk.shards[place.shard]?.zone;
  if (zone === undefined) return;
  const { hop } = header;
  const written = records.flatMap(withCopies).map(
    ({ line, attempts, refused = [], result }): HopRecord => ({
      kind: "hop",
      ...whereOf(place.chunkId, place.chunk, place.shard, line, zone, hop?.atMs ?? place.chunk.plannedAtMs ?? 0),
      policyVersions: hop?.policies ?? [],
      attempts: attempts.map(attemptOf),
      refused,
      result: result?.kind ?? "goes-on",
      ...(result?.kind === "succeeded" ? { deployment: result.deployment } : {}),
      ...(result?.kind === "succeeded" && result.cached !== undefined
        ? { cachedFrom: result.cached.result, cachedAt: isoTime(result.cached.atMs) }
        : {}),
      ...(result?.kind === "failed" ? { code: result.error.code } : {}),
    }),
  );
  await write(place.chunkId, place.chunk, place.shard, place.name, written, place.objects);
}

/** A record, and one for each line that ended with it, which called nothing. */
function withCopies(record: SegmentRecord): SegmentRecord[] {
  const { copies = [], ...own } = record;
  return [own, ...copies.map((line): SegmentRecord => ({ line, attempts: [], result: own.result }))];
}

/** The same for a shard that is found closed, whose owner may have gone before it wrote them. */
export async function auditClosed(place: Omit<HopPlace, "name">): Promise<void> {
  const name = place.chunk.shards[place.shard]?.segment;
  if (name === undefined) return;
  const text = await place.objects.get(keys.segment(place.chunkId, place.shard, name));
  if (text !== undefined) await auditSegment({ ...place, name }, decodeSegment(text));
}

/** A whole shard that fallback has sent on: what was forbidden, and where its jobs go. */
export async function auditMove(
  place: HopPlace,
  to: string,
  policies: readonly string[],
  jobs: readonly { line: number; refused: HopRecord["refused"] }[],
  nowMs: number,
): Promise<void> {
  const zone = place.chunk.shards[place.shard]?.zone;
  if (zone === undefined) return;
  const records = jobs.map(
    ({ line, refused }): HopRecord => ({
      kind: "hop",
      ...whereOf(place.chunkId, place.chunk, place.shard, line, zone, nowMs),
      policyVersions: [...policies],
      attempts: [],
      refused,
      result: "goes-on",
      deployment: to,
    }),
  );
  await write(place.chunkId, place.chunk, place.shard, place.name, records, place.objects);
}

function attemptOf({ startedAtMs, ...attempt }: Attempt): HopRecord["attempts"][number] {
  return startedAtMs === 0 ? attempt : { ...attempt, startedAt: isoTime(startedAtMs) };
}

function whereOf(
  chunkId: string,
  { batch }: Chunk,
  shard: string,
  line: number,
  zone: Zone,
  atMs: number,
): Omit<DecisionRecord, "kind" | "policyVersion" | "findings" | "chain" | "rejected"> {
  return { at: isoTime(atMs), ...(batch === undefined ? {} : { batch }), chunk: rootChunk(chunkId), shard, line, zone };
}

/** One object of a shard; what was denied to a job by policy stands once more where quarantined jobs are looked for. */
async function write(
  chunkId: string,
  chunk: Chunk,
  shard: string,
  name: string,
  records: readonly AuditRecord[],
  objects: ObjectStore,
): Promise<void> {
  if (records.length === 0) return;
  const place = [rootChunk(chunkId), shard, name] as const;
  // All that is of a chunk is under one day.
  await objects.put(keys.audit(dayOf(chunk.plannedAtMs ?? 0), ...place), lines(records));
  const quarantined = records.filter(({ code }) => code === "policy-denied");
  const [first] = quarantined;
  // Whoever looks for what was denied since a day does not know when it was planned.
  if (first !== undefined) await objects.put(keys.quarantine(first.at.slice(0, 10), ...place), lines(quarantined));
}

function lines(records: readonly AuditRecord[]): string {
  return `${records.map((record) => JSON.stringify(record)).join("\n")}\n`;
}
