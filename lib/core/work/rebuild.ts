import type { ChunkStore } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { Plan, type PlanRoot } from "../protocol/plan.ts";
import { lineage } from "../protocol/shard.ts";
import { ancestry } from "./chunk-tree.ts";
import type { Source } from "./classify-chunk.ts";
import { keys } from "./keys.ts";
import type { NamePlanDeps } from "./name-plan.ts";
import type { PackedShard } from "./pack.ts";
import { type ParsedLine, planChunk } from "./plan-chunk.ts";
import { linesOf, pickedOf } from "./shard-lines.ts";
import { inlineLimitBytes } from "./shard-message.ts";

type RebuildDeps = Pick<NamePlanDeps, "intake" | "zones" | "uniqueName"> & { chunks: Pick<ChunkStore, "read"> };

/**
 * Makes the messages of shards again, from the plan that counts and the chunk's input: for messages that are lost, or
 * that a crash kept from being sent. A shard whose bytes cannot be had has none, or with `giveUp` one that ends its jobs.
 */
export async function rebuildMessages(
  id: string,
  chunk: Chunk,
  wanted: readonly string[],
  source: Source,
  giveUp: boolean,
  deps: RebuildDeps,
): Promise<Map<string, ShardMessage>> {
  const text = chunk.plan === undefined ? undefined : await deps.intake.get(chunk.plan);
  if (text === undefined) throw new Error(`The plan ${chunk.plan} is not there.`);
  const plan = Plan.parse(JSON.parse(text));
  const shards = await ancestry(chunk, deps.chunks);
  const messages = new Map<string, ShardMessage>();
  let packed: Promise<PackedShard[]> | undefined;
  for (const shard of wanted) {
    const root = plan.roots.find((candidate) => candidate.shard === lineage(shard)[0]);
    if (root === undefined) continue;
    const picked = pickedOf(shards, shard);
    let payload: ShardMessage["payload"] | undefined;
    if (root.payload !== undefined) payload = objectPayload(root.payload, picked, root);
    else {
      packed ??= packAgain(plan, source);
      payload = await payloadOf(id, root, picked, samePacked(plan, root, await packed), deps);
    }
    if (payload === undefined && giveUp) payload = { kind: "gone", lines: linesOf(plan, root, picked) };
    if (payload === undefined) continue;
    const entry = chunk.shards[shard];
    messages.set(shard, {
      v: 1,
      chunk: id,
      shard,
      zone: root.zone,
      policy: plan.policy,
      ...(root.tenant === undefined ? {} : { tenant: root.tenant }),
      ...(entry?.alone === true ? { alone: entry.alone } : {}),
      ...(entry?.notBeforeMs === undefined ? {} : { notBeforeMs: entry.notBeforeMs }),
      payload,
    });
  }
  return messages;
}

/** Packing is a function of input and policy version: the same code gives the same roots again. */
async function packAgain(plan: Plan, source: Source): Promise<PackedShard[]> {
  const lines = await source.open();
  if (lines === undefined) return [];
  const inPlan = new Set(plan.lines.map(({ line }) => line));
  return (await planChunk(only(lines, inPlan), source.context)).shards;
}

/** A root as it was packed again; undefined when newer code packs other jobs into it than the plan says. */
function samePacked(plan: Plan, root: PlanRoot, packed: readonly PackedShard[]): PackedShard | undefined {
  const shard = packed[plan.roots.indexOf(root)];
  const planned = plan.order.slice(root.from, root.from + root.lines);
  const same = shard?.places.length === planned.length && planned.every((place, at) => shard.places[at] === place);
  return same ? shard : undefined;
}

async function payloadOf(
  id: string,
  root: PlanRoot,
  picked: readonly number[] | undefined,
  packed: PackedShard | undefined,
  deps: RebuildDeps,
): Promise<ShardMessage["payload"] | undefined> {
  if (packed === undefined) return undefined;
  const whole: Payload = JSON.parse(packed.payload);
  const jobs = picked === undefined ? whole.jobs : picked.flatMap((at) => whole.jobs[at] ?? []);
  const payload = { routes: whole.routes, jobs };
  if (new TextEncoder().encode(JSON.stringify(payload)).length <= inlineLimitBytes) return { kind: "inline", payload };
  const key = keys.payload(id, deps.uniqueName(), root.shard);
  await deps.zones[root.zone].put(key, packed.payload);
  return objectPayload(key, picked, root);
}

function objectPayload(key: string, picked: readonly number[] | undefined, root: PlanRoot): ShardMessage["payload"] {
  return { kind: "object", key, ...(picked === undefined ? {} : { pick: encodePick(picked, root.lines) }) };
}

async function* only(lines: AsyncIterable<ParsedLine>, wanted: ReadonlySet<number>): AsyncGenerator<ParsedLine> {
  for await (const line of lines) if (wanted.has(line.kind === "job" ? line.job.line : line.line)) yield line;
}
