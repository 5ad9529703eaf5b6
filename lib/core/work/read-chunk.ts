import type { Attempt } from "../attempt.ts";
import type { ChunkStore, ObjectStore, ZoneObjects } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { Plan } from "../protocol/plan.ts";
import { decodeSegment, type JobResult } from "../protocol/segment.ts";
import { lineage } from "../protocol/shard.ts";
import { chunkTree } from "./chunk-tree.ts";
import { keys } from "./keys.ts";
import type { EndedJob } from "./result-line.ts";

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
 * are joined along its shard's parents. Holds one chunk in memory.
 * @param id the chunk of a batch or of queued jobs, not a child chunk
 * @param shards only jobs that ended in these; all without it
 */
export async function readEnded(
  id: string,
  chunk: Chunk,
  plan: Plan,
  deps: ReadDeps,
  shards?: readonly string[],
): Promise<EndedJob[]> {
  const tree = await chunkTree(id, chunk, deps.chunks);
  const entries = new Map(
    tree.flatMap((part) =>
      Object.entries(part.chunk.shards).map(([shard, entry]) => [shard, { entry, chunk: part.id }] as const),
    ),
  );
  const asked = new Set(shards ?? entries.keys());
  const wanted = new Set([...asked].flatMap(lineage));
  const closed = [...wanted]
    .flatMap((shard) => {
      const found = entries.get(shard);
      return found === undefined ? [] : [{ shard, ...found }];
    })
    .filter(({ entry }) => entry.segment !== undefined)
    // Parents first: attempts are in the order they were made.
    .toSorted((a, b) => lineage(a.shard).length - lineage(b.shard).length);

  const byLine = new Map<number, { attempts: Attempt[]; result?: JobResult }>();
  for (let at = 0; at < closed.length; at += readsAtOnce) {
    const read = await Promise.all(
      closed.slice(at, at + readsAtOnce).map(async ({ shard, entry, chunk: owner }) => {
        if (entry.segment === undefined) return { shard, records: [] };
        const key = keys.segment(owner, shard, entry.segment);
        const text = await deps.zones[entry.zone].get(key);
        if (text === undefined) throw new Error(`The segment ${key} is not there.`);
        return { shard, records: decodeSegment(text).records };
      }),
    );
    for (const { shard, records } of read)
      for (const record of records) {
        const joined = byLine.get(record.line) ?? { attempts: [] };
        byLine.set(record.line, joined);
        joined.attempts.push(...record.attempts);
        if (record.result !== undefined && asked.has(shard)) joined.result = record.result;
      }
  }
  const owner = chunk.batch ?? id.replace(/\/0$/, "");
  return plan.lines.flatMap((planned): EndedJob[] => {
    const joined = byLine.get(planned.line);
    const decision = plan.decisions[planned.decision];
    if (joined?.result === undefined || decision === undefined) return [];
    return [
      {
        resultId: `${owner}-${planned.line}`,
        line: planned.line,
        customId: planned.id,
        decision,
        policyVersion: plan.policy,
        attempts: joined.attempts,
        result: joined.result,
      },
    ];
  });
}
