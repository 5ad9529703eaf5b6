import { chunkId, type Hash } from "../batch-id.ts";
import type { BatchStore, ObjectStore } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { unclaimed } from "../protocol/effects.ts";
import { ChunkMessage, type RepairMessage, type ShardMessage } from "../protocol/messages.ts";
import { rootChunk } from "../protocol/nested.ts";
import type { Plan } from "../protocol/plan.ts";
import { parseLine } from "../request.ts";
import { auditDecisions } from "./audit.ts";
import { adHocLines, batchLines, type SourceLine } from "./chunk-source.ts";
import { keys } from "./keys.ts";
import { type NamePlanDeps, namePlan } from "./name-plan.ts";
import { type ParsedLine, type PlanContext, type PlannedChunk, planChunk, type Router } from "./plan-chunk.ts";
import { readPlan } from "./read-chunk.ts";
import { rebuildMessages } from "./rebuild.ts";
import { finishChunk, type SettleDeps, sendShards } from "./settle.ts";
import { parseSingle } from "./single-line.ts";
import { unclaimedRoots } from "./unclaimed-roots.ts";

export type ClassifyDeps = SettleDeps &
  NamePlanDeps & {
    hash: Hash;
    batches: BatchStore;
    /** The router of a policy version; the current one without. */
    routerFor: (version?: string) => Promise<Router>;
    replyQueues: () => Promise<readonly string[]>;
    onPlanned: (planned: PlannedChunk) => void;
    /** Told why a job could not be classified. */
    onError: (error: unknown) => void;
  };

/** Plans one chunk of a batch and sends its shards. A chunk planned before has its unclaimed shards sent again. */
export async function classifyChunk(message: ChunkMessage, deps: ClassifyDeps): Promise<void> {
  const batch = await deps.batches.read(message.batch);
  if (batch === undefined) return;
  const id = chunkId(message.batch, message.number);
  const source = await sourceOfBatch(message, batch, deps);
  const known = await deps.chunks.read(id);
  if (known !== undefined) return resume(id, known, source, deps);

  const planned = await planChunk((await source.open()) ?? unreadable(message), source.context);
  const { applied, messages } = await namePlan(id, { batch: message.batch, number: message.number }, planned, deps);
  if (applied.kind === "applied") {
    deps.onPlanned(planned);
    await sendPlanned(id, applied.chunk, planned.plan, source.context.router, messages, deps);
    // Another try named its plan first: what counts is that one.
  } else if (applied.chunk !== undefined) await resume(id, applied.chunk, source, deps);
}

/** Does what a try that named its plan may not have come to: records its decisions, sends what nobody has claimed. */
export async function resume(id: string, chunk: Chunk, source: Source, deps: ClassifyDeps): Promise<void> {
  const { policy } = source.context.router.document;
  await auditDecisions(id, chunk, await readPlan(chunk, deps.intake), policy, deps.zones);
  await resend(id, chunk, unclaimedRoots(chunk), source, deps);
}

/** Records what was decided, sends the messages of a chunk's roots, and finishes a chunk of which no line reached a lane. */
export async function sendPlanned(
  id: string,
  chunk: Chunk,
  plan: Plan,
  { document }: Router,
  messages: ReadonlyMap<string, ShardMessage>,
  deps: ClassifyDeps,
): Promise<void> {
  await auditDecisions(id, chunk, plan, document.policy, deps.zones);
  const effects = unclaimed(chunk).filter((effect) => effect.kind !== "send" || messages.has(effect.shard));
  await sendShards(effects, chunk, (shard) => required(messages.get(shard)), deps);
  await finishChunk(id, chunk, deps);
}

/** How often sweep has a message made again before its jobs are given up, should their bytes be gone. */
const repairsUntilGone = 3;

/** Makes one shard's lost message again; when that has been impossible for long, one that ends its jobs. */
export async function repairShard(message: RepairMessage, deps: ClassifyDeps): Promise<void> {
  const chunk = await deps.chunks.read(message.chunk);
  const shard = chunk?.shards[message.shard];
  if (chunk === undefined || shard?.state !== "open") return;
  const source = await sourceOf(message.chunk, chunk, deps);
  if (source === undefined) return;
  await resend(message.chunk, chunk, [message.shard], source, deps, (shard.repairs ?? 0) >= repairsUntilGone);
}

/** What a chunk was made from; `open` reads it, and is undefined when it was replaced or removed since. */
export type Source = { open: () => Promise<AsyncIterable<ParsedLine> | undefined>; context: PlanContext };

/** Sends the messages of shards again. @param giveUp whether jobs whose bytes are gone end; else they are left */
async function resend(
  id: string,
  chunk: Chunk,
  shards: readonly string[],
  source: Source,
  deps: ClassifyDeps,
  giveUp = false,
): Promise<void> {
  if (shards.length > 0) {
    const messages = await rebuildMessages(id, chunk, shards, source, giveUp, deps);
    const effects = shards
      .filter((shard) => messages.has(shard))
      .map((shard) => ({ kind: "send", shard, place: "lane" }) as const);
    await sendShards(effects, chunk, (shard) => required(messages.get(shard)), deps);
  }
  await finishChunk(id, chunk, deps);
}

/** The input of a planned ad-hoc chunk, read anew. */
export async function sourceOfAdHoc(id: string, chunk: Chunk, deps: ClassifyDeps): Promise<Source> {
  const router = await deps.routerFor(chunk.policy);
  const { maxLineBytes, deadlineSeconds } = router.document.policy;
  const acceptedAtMs = chunk.plannedAtMs ?? deps.clock();
  const { onError } = deps;
  const context = { router, defaults: {}, acceptedAtMs, deadlineMs: acceptedAtMs + deadlineSeconds * 1000, onError };
  const open = async () => {
    const lines = await adHocLines(rootChunk(id), deps.intake, maxLineBytes);
    // A job that was accepted stays so, whatever queues are listed by now.
    return lines && mapLines(lines, (text, number) => parseSingle(text, number, "", "any"));
  };
  return { open, context };
}

async function sourceOf(id: string, chunk: Chunk, deps: ClassifyDeps): Promise<Source | undefined> {
  if (chunk.batch === undefined) return sourceOfAdHoc(id, chunk, deps);
  const batch = await deps.batches.read(chunk.batch);
  const message = await queuedChunk(chunk.batch, chunk.number ?? 0, deps.intake);
  return batch === undefined || message === undefined ? undefined : sourceOfBatch(message, batch, deps);
}

/** What plan queued for a chunk. */
async function queuedChunk(batch: string, number: number, intake: ObjectStore): Promise<ChunkMessage | undefined> {
  const line = (await intake.get(keys.chunkIndex(batch)))?.split("\n")[number];
  return line === undefined ? undefined : ChunkMessage.parse(JSON.parse(line));
}

async function sourceOfBatch(message: ChunkMessage, batch: Batch, deps: ClassifyDeps): Promise<Source> {
  const router = await deps.routerFor(batch.policy);
  const { acceptedAtMs, deadlineMs, defaults, maxCostNanoUsd } = batch;
  const open = async () => {
    const lines = await batchLines(message, batch, deps.intake, router.document.policy.maxLineBytes);
    const duplicates = new Set(message.duplicates);
    return lines && mapLines(lines, (text, number) => refuseDuplicate(parseLine(text, number), number, duplicates));
  };
  const cancelled = batch.cancelledAtMs !== undefined;
  const { hash, onError } = deps;
  const limited = maxCostNanoUsd === undefined ? {} : { maxCostNanoUsd };
  return { open, context: { router, defaults, acceptedAtMs, deadlineMs, cancelled, hash, onError, ...limited } };
}

async function* mapLines(
  lines: AsyncIterable<SourceLine>,
  parse: (text: string, number: number) => ParsedLine,
): AsyncGenerator<ParsedLine> {
  for await (const line of lines)
    yield line.kind === "text"
      ? parse(line.text, line.number)
      : { kind: "invalid", line: line.number, error: { code: "invalid-line", message: line.message } };
}

function refuseDuplicate(
  parsed: ReturnType<typeof parseLine>,
  line: number,
  duplicates: ReadonlySet<number>,
): ParsedLine {
  const id = parsed.kind === "job" ? parsed.job.id : parsed.id;
  if (id !== undefined && duplicates.has(line)) {
    const message = "An earlier line of this batch has the same custom_id; that one runs.";
    return { kind: "invalid", line, id, error: { code: "duplicate-id", message } };
  }
  return parsed.kind === "job" ? parsed : { ...parsed, line };
}

function* unreadable(message: ChunkMessage): Generator<ParsedLine> {
  for (let line = message.firstLine; line < message.firstLine + message.lines; line++) {
    const text = "The upload was replaced or removed before this line was read; upload it again under a new key.";
    yield { kind: "invalid", line, error: { code: "internal", message: text } };
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("A shard has no message.");
  return value;
}
