import type { Chunk } from "../protocol/chunk.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import { decodePick, encodePick } from "../protocol/pick.ts";
import { Plan } from "../protocol/plan.ts";
import { lineage } from "../protocol/shard.ts";
import { ancestry } from "./chunk-tree.ts";
import { keys } from "./keys.ts";
import type { NamePlanDeps } from "./name-plan.ts";
import { type ParsedLine, type PlanContext, planChunk } from "./plan-chunk.ts";
import { inlineLimitBytes } from "./shard-message.ts";

export type Rebuilt = { kind: "rebuilt"; messages: Map<string, ShardMessage> } | { kind: "input-gone" };

/**
 * Makes the messages of shards again, from the plan that counts and the chunk's input: for messages that are lost, or
 * that a crash kept from being sent. The decisions are the plan's; only the bytes are read anew.
 */
export async function rebuildMessages(
  id: string,
  chunk: Chunk,
  wanted: readonly string[],
  source: { lines: AsyncIterable<ParsedLine> | undefined; context: PlanContext },
  deps: Pick<NamePlanDeps, "chunks" | "intake" | "zones" | "uniqueName">,
): Promise<Rebuilt> {
  const text = chunk.plan === undefined ? undefined : await deps.intake.get(chunk.plan);
  if (text === undefined || source.lines === undefined) return { kind: "input-gone" };
  const plan = Plan.parse(JSON.parse(text));
  const inPlan = new Set(plan.lines.map(({ line }) => line));
  // Packing is a function of input and policy version, so it gives the same roots again.
  const again = await planChunk(only(source.lines, inPlan), source.context);
  const shards = await ancestry(chunk, deps.chunks);
  const messages = new Map<string, ShardMessage>();
  for (const shard of wanted) {
    const rootNumber = plan.roots.findIndex((root) => root.shard === lineage(shard)[0]);
    const root = plan.roots[rootNumber];
    const packed = again.shards[rootNumber];
    if (root === undefined || packed === undefined || packed.places.length !== root.lines)
      return { kind: "input-gone" };
    const picked = pickedOf(shards, shard);
    const whole: Payload = JSON.parse(packed.payload);
    const payload =
      picked === undefined ? whole : { routes: whole.routes, jobs: picked.flatMap((at) => whole.jobs[at] ?? []) };
    const entry = chunk.shards[shard];
    const common = {
      v: 1,
      chunk: id,
      shard,
      zone: root.zone,
      policy: plan.policy,
      ...(root.tenant === undefined ? {} : { tenant: root.tenant }),
      ...(entry?.alone === true ? { alone: entry.alone } : {}),
      ...(entry?.notBeforeMs === undefined ? {} : { notBeforeMs: entry.notBeforeMs }),
    } as const;
    const inline = JSON.stringify(payload);
    if (new TextEncoder().encode(inline).length <= inlineLimitBytes)
      messages.set(shard, { ...common, payload: { kind: "inline", payload } });
    else {
      const key = root.payload ?? keys.payload(id, deps.uniqueName(), root.shard);
      if (root.payload === undefined) await deps.zones[root.zone].put(key, packed.payload);
      const pick = picked === undefined ? {} : { pick: encodePick(picked, root.lines) };
      messages.set(shard, { ...common, payload: { kind: "object", key, ...pick } });
    }
  }
  return { kind: "rebuilt", messages };
}

/** Which of its root's jobs a shard has; undefined for all. Each pick is over its parent's. */
function pickedOf(shards: Chunk["shards"], shard: string): number[] | undefined {
  let picked: number[] | undefined;
  for (const id of lineage(shard).slice(1)) {
    const own = decodePick(shards[id]?.pick ?? "");
    picked = picked === undefined ? own : own.flatMap((at) => picked?.[at] ?? []);
  }
  return picked;
}

async function* only(lines: AsyncIterable<ParsedLine>, wanted: ReadonlySet<number>): AsyncGenerator<ParsedLine> {
  for await (const line of lines) if (wanted.has(line.kind === "job" ? line.job.line : line.line)) yield line;
}
