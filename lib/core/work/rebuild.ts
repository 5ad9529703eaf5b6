import { features } from "../features.ts";
import type { Job } from "../job.ts";
import type { ChunkStore } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { copiesIn, Plan, type PlanRoot } from "../protocol/plan.ts";
import { lineage } from "../protocol/shard.ts";
import { ancestry } from "./chunk-tree.ts";
import type { Source } from "./classify-chunk.ts";
import { keys } from "./keys.ts";
import type { NamePlanDeps } from "./name-plan.ts";
import { PayloadText, withCopies } from "./pack.ts";
import { deadlineOf, type PlanContext, withDefaults, withTenant } from "./plan-chunk.ts";
import { sizesOf } from "./router.ts";
import { linesOf, pickedOf } from "./shard-lines.ts";
import { inlineLimitBytes } from "./shard-message.ts";

type RebuildDeps = Pick<NamePlanDeps, "intake" | "zones" | "uniqueName"> & { chunks: Pick<ChunkStore, "read"> };

/**
 * Makes the messages of shards again, from the plan that counts and the chunk's input: for messages that are lost, or
 * that a crash kept from being sent. A shard whose bytes cannot be had has none, or with `giveUp` one that ends its jobs.
 * Those of a cancelled batch need no bytes, and do not wait.
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
  const cancelled = source.context.cancelled === true;
  const copies = copiesIn(plan);
  const gone = copies === undefined ? { kind: "gone" as const } : { kind: "gone" as const, copies };
  let jobs: Promise<Map<number, ReadJob>> | undefined;
  for (const shard of wanted) {
    const root = plan.roots.find((candidate) => candidate.shard === lineage(shard)[0]);
    if (root === undefined) continue;
    const picked = pickedOf(shards, shard);
    let payload: ShardMessage["payload"] | undefined;
    if (cancelled) payload = { ...gone, lines: linesOf(plan, root, picked), cancelled };
    else if (root.payload !== undefined) payload = objectPayload(root.payload, picked, root);
    else {
      jobs ??= jobsOf(plan, source);
      payload = await payloadOf(id, root, picked, payloadText(plan, root, await jobs, source.context), deps);
    }
    if (payload === undefined && giveUp) payload = { ...gone, lines: linesOf(plan, root, picked) };
    if (payload === undefined) continue;
    const entry = chunk.shards[shard];
    messages.set(shard, {
      v: source.context.maxCostNanoUsd === undefined ? 1 : 2,
      chunk: id,
      shard,
      zone: root.zone,
      policy: plan.policy,
      ...(root.tenant === undefined ? {} : { tenant: root.tenant }),
      ...(root.priority === "high" ? { priority: root.priority } : {}),
      ...(source.context.maxCostNanoUsd === undefined ? {} : { maxCostNanoUsd: source.context.maxCostNanoUsd }),
      ...(entry?.alone === true ? { alone: entry.alone } : {}),
      ...(entry?.notBeforeMs === undefined || cancelled ? {} : { notBeforeMs: entry.notBeforeMs }),
      payload,
    });
  }
  return messages;
}

type ReadJob = { job: Job; reply: boolean };

/** The chunk's jobs by line, read anew; none when the input is gone. */
async function jobsOf(plan: Plan, source: Source): Promise<Map<number, ReadJob>> {
  const jobs = new Map<number, ReadJob>();
  const routed = new Set(plan.order.flatMap((place) => plan.lines[place]?.line ?? []));
  for await (const parsed of (await source.open()) ?? [])
    if (parsed.kind === "job" && routed.has(parsed.job.line))
      jobs.set(parsed.job.line, { job: parsed.job, reply: parsed.replyTo !== undefined });
  return jobs;
}

/** A root's payload as the plan says it is: what was decided then is not decided again. Undefined when a job is missing. */
function payloadText(
  plan: Plan,
  root: PlanRoot,
  jobs: ReadonlyMap<number, ReadJob>,
  context: PlanContext,
): string | undefined {
  const payload = new PayloadText();
  for (const place of plan.order.slice(root.from, root.from + root.lines)) {
    const planned = plan.lines[place];
    const read = planned === undefined ? undefined : jobs.get(planned.line);
    const decision = planned === undefined ? undefined : plan.decisions[planned.decision];
    if (read === undefined || decision?.kind !== "routed") return undefined;
    const job = withTenant(withDefaults(read.job, context.defaults), root.tenant);
    const routed = { job, decision, found: planned?.found ?? [], reply: read.reply, ...sizesOf(features(job.body)) };
    payload.add(payload.textOf({ ...routed, deadlineMs: deadlineOf(job, context) }));
  }
  return withCopies(payload.toString(), copiesIn(plan) ?? {});
}

async function payloadOf(
  id: string,
  root: PlanRoot,
  picked: readonly number[] | undefined,
  text: string | undefined,
  deps: RebuildDeps,
): Promise<ShardMessage["payload"] | undefined> {
  if (text === undefined) return undefined;
  const whole: Payload = JSON.parse(text);
  const jobs = picked === undefined ? whole.jobs : picked.flatMap((at) => whole.jobs[at] ?? []);
  const payload = { ...whole, jobs };
  if (new TextEncoder().encode(JSON.stringify(payload)).length <= inlineLimitBytes) return { kind: "inline", payload };
  const key = keys.payload(id, deps.uniqueName(), root.shard);
  await deps.zones[root.zone].put(key, text);
  return objectPayload(key, picked, root);
}

function objectPayload(key: string, picked: readonly number[] | undefined, root: PlanRoot): ShardMessage["payload"] {
  return { kind: "object", key, ...(picked === undefined ? {} : { pick: encodePick(picked, root.lines) }) };
}
