import type { Attempt } from "../attempt.ts";
import type { ChunkStore, ObjectStore, ZoneObjects } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { limitedAt } from "../protocol/limited.ts";
import { Plan } from "../protocol/plan.ts";
import { type JobResult, lineOfRecord, recordTexts, SegmentRecord } from "../protocol/segment.ts";
import { lineage, type Shard } from "../protocol/shard.ts";
import { chunkTree } from "./chunk-tree.ts";
import { keys } from "./keys.ts";
import type { EndedJob } from "./result-line.ts";
import { linesOf, pickedOf } from "./shard-lines.ts";

export type ReadDeps = { intake: ObjectStore; zones: ZoneObjects; chunks: Pick<ChunkStore, "read"> };

/** Segments read at once. */
const readsAtOnce = 16;

/** The plan that a chunk's item names. Throws when it is gone: a plan that counts is never removed before its batch. */
export async function readPlan(chunk: Chunk, intake: ObjectStore): Promise<Plan> {
  const text = chunk.plan === undefined ? undefined : await intake.get(chunk.plan);
  if (text === undefined) throw new Error(`The plan ${chunk.plan} is not there.`);
  return Plan.parse(JSON.parse(text));
}

/**
 * The jobs of a chunk that have ended, ascending by line, from the segments that its item says count: a line's attempts
 * are joined along its shard's parents. Holds one chunk's text in memory and parses a line when it is its turn.
 * @param id the chunk of a batch or of queued jobs, not a child chunk
 * @param shards only jobs that ended in these; all without it
 */
export async function* readEnded(
  id: string,
  chunk: Chunk,
  plan: Plan,
  deps: ReadDeps,
  shards?: readonly string[],
): AsyncGenerator<EndedJob> {
  const parts = await partsOf(id, chunk, deps);
  const asked = new Set(shards ?? parts.keys());
  const wanted = new Set([...asked].flatMap(lineage));
  // Parents first: attempts are in the order they were made.
  const inOrder = [...wanted]
    .flatMap((shard) => parts.get(shard) ?? [])
    .toSorted((a, b) => lineage(a.shard).length - lineage(b.shard).length);
  const entries = Object.fromEntries(inOrder.map(({ shard, entry }) => [shard, entry]));

  const byLine = new Map<number, { shard: string; text: string }[]>();
  const limits = new Map<number, Attempt[]>();
  for (let at = 0; at < inOrder.length; at += readsAtOnce) {
    const some = inOrder.slice(at, at + readsAtOnce);
    const texts = await Promise.all(some.map((part) => segmentText(part, deps)));
    some.forEach(({ shard, entry }, index) => {
      for (const text of texts[index] ?? []) {
        const line = lineOfRecord(text);
        byLine.set(line, [...(byLine.get(line) ?? []), { shard, text }]);
      }
      for (const [line, attempts] of limitsOf(plan, entries, shard, entry))
        limits.set(line, [...(limits.get(line) ?? []), ...attempts]);
    });
  }

  /** Results that later lines share. */
  const shared = new Map(
    plan.lines.flatMap((line) => (line.duplicateOf === undefined ? [] : [[line.duplicateOf, none]])),
  );
  const owner = chunk.batch ?? id.replace(/\/0$/, "");
  for (const planned of plan.lines) {
    const decision = plan.decisions[planned.decision];
    const attempts = limits.get(planned.line) ?? [];
    let result: JobResult | undefined;
    for (const { shard, text } of byLine.get(planned.line) ?? []) {
      const record = SegmentRecord.parse(JSON.parse(text));
      attempts.push(...record.attempts);
      if (asked.has(shard)) result = record.result ?? result;
    }
    byLine.delete(planned.line);
    if (shared.has(planned.line)) shared.set(planned.line, { result });
    if (planned.duplicateOf !== undefined) result = shared.get(planned.duplicateOf)?.result;
    if (result === undefined || decision === undefined) continue;
    yield {
      resultId: `${owner}-${planned.line}`,
      line: planned.line,
      customId: planned.id,
      decision,
      policyVersion: plan.policy,
      ...(planned.request === undefined ? {} : { request: planned.request }),
      ...(planned.duplicateOf === undefined ? {} : { duplicateOf: planned.duplicateOf }),
      attempts,
      result,
    };
  }
}

const none: { result?: JobResult | undefined } = {};

type Part = { shard: string; entry: Shard; chunk: string };

/** Every shard of a chunk and of its child chunks, by id. */
async function partsOf(id: string, chunk: Chunk, deps: ReadDeps): Promise<Map<string, Part>> {
  const tree = await chunkTree(id, chunk, deps.chunks);
  return new Map(
    tree.flatMap((part) =>
      Object.entries(part.chunk.shards).map(([shard, entry]) => [shard, { shard, entry, chunk: part.id }] as const),
    ),
  );
}

/** The records of a closed shard's segment, a text each; of an open one there are none. */
async function segmentText({ shard, entry, chunk }: Part, deps: ReadDeps): Promise<string[]> {
  if (entry.segment === undefined) return [];
  const key = keys.segment(chunk, shard, entry.segment);
  const text = await deps.zones[entry.zone].get(key);
  if (text === undefined) throw new Error(`The segment ${key} is not there.`);
  return recordTexts(text);
}

/** The rate limits that a shard's item counted, as attempts of its lines. */
function limitsOf(plan: Plan, shards: Chunk["shards"], id: string, entry: Shard): [number, Attempt[]][] {
  const root = plan.roots.find(({ shard }) => shard === lineage(id)[0]);
  if (root === undefined || entry.limited === undefined) return [];
  const limited = Object.entries(entry.limited);
  return linesOf(plan, root, pickedOf(shards, id)).map((line, at) => [
    line,
    limited.flatMap(([deployment, digits]) => {
      const count = limitedAt(digits, at);
      return count === 0 ? [] : [{ ...limitedAttempt, deployment, count }];
    }),
  ]);
}

const limitedAttempt = {
  outcome: "rate-limited",
  startedAtMs: 0,
  latencyMs: 0,
  inputTokens: 0,
  outputTokens: 0,
  costNanoUsd: 0,
} as const;
