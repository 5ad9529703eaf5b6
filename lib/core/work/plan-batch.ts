import * as z from "zod";
import { batchId, type Hash } from "../batch-id.ts";
import type { PolicyDocument } from "../configuration/document.ts";
import { didYouMean } from "../configuration/nearest-name.ts";
import { nanoUsdOf } from "../cost-limit.ts";
import { parseDuration } from "../duration.ts";
import { type BatchDefaults, MaxCostUsd } from "../job.ts";
import { Priority } from "../names.ts";
import type { BatchStore, Clock, ObjectStore, OpenStore, Queue } from "../ports.ts";
import type { ChunkMessage } from "../protocol/messages.ts";
import { hasTenancy, tenantOfUpload } from "../tenant.ts";
import { HashSet } from "./hash-set.ts";
import { keys } from "./keys.ts";
import { isBlank, splitLines } from "./lines.ts";
import { askForCollect, finishBatch } from "./settle.ts";

export type PlanDeps = {
  clock: Clock;
  hash: Hash;
  /** 16 bytes. */
  hash128: (text: string) => Uint8Array;
  intake: ObjectStore;
  batches: BatchStore;
  open: OpenStore;
  chunks: Queue;
  collect: Queue;
  policy: PolicyDocument;
};

export type Upload = { key: string; etag: string };

export type Planned =
  | { kind: "planned"; batch: string; lines: number; chunks: number }
  /** Read before, or replaced by another object with its own announcement. */
  | { kind: "nothing-to-do"; batch: string }
  | { kind: "failed"; batch: string; failure: string };

/** The size of a chunk. Source: DESIGN, "Words". */
const chunkLimits = { lines: 4000, bytes: 32 * 1024 * 1024 };

/**
 * Streams an upload once, cuts it into chunks at line ends and queues them. Repeatable: the same object gives the same
 * batch and the same chunks, and classify plans each once.
 */
export async function planBatch(upload: Upload, deps: PlanDeps): Promise<Planned> {
  const id = batchId(upload.key, upload.etag, deps.hash);
  const head = await deps.intake.head(upload.key);
  if (head === undefined || bare(head.etag) !== bare(upload.etag)) return { kind: "nothing-to-do", batch: id };

  const acceptedAtMs = deps.clock();
  const defaults = defaultsOf(head.metadata);
  const { policy } = deps.policy;
  const claimed = defaults.tenant;
  if (hasTenancy(policy)) {
    const owner = tenantOfUpload(policy, upload.key);
    delete defaults.tenant;
    if (owner !== undefined) defaults.tenant = owner;
  }
  const maxCostNanoUsd = maxCostOf(head.metadata);
  const deadlineMs = defaults.deadline === undefined ? policy.deadlineSeconds * 1000 : parseDuration(defaults.deadline);
  await deps.open.add({ kind: "batch", id, sinceMs: acceptedAtMs });
  const { batch } = await deps.batches.apply(id, {
    type: "create",
    batch: {
      id,
      key: upload.key,
      etag: head.etag,
      bytes: head.bytes,
      policy: deps.policy.version,
      acceptedAtMs,
      deadlineMs: acceptedAtMs + (deadlineMs ?? 0),
      defaults,
      ...(typeof maxCostNanoUsd === "number" ? { maxCostNanoUsd } : {}),
    },
  });
  if (batch?.state !== "planning") return { kind: "nothing-to-do", batch: id };
  if (deadlineMs === undefined)
    return fail(`The deadline "${defaults.deadline}" is not a duration; write 30s, 15m, 24h or 7d.`);
  const misspelt = misspeltOf(head.metadata);
  if (misspelt !== undefined) return fail(misspelt);
  if (claimed !== undefined && claimed !== defaults.tenant)
    return fail(
      "The upload's metadata claim another tenant than its prefix; leave x-amz-meta-tenant (--tenant) out, and upload under the tenant's prefix (--prefix).",
    );
  if (head.metadata.dedupe !== undefined && !["true", "false"].includes(head.metadata.dedupe))
    return fail('The metadata x-amz-meta-dedupe must be "true" or "false".');
  if (maxCostNanoUsd === "wrong")
    return fail("The metadata x-amz-meta-max-cost-usd must be a number of dollars above 0, such as 12.50.");
  if (head.metadata.priority !== undefined && defaults.priority === undefined)
    return fail(`The metadata x-amz-meta-priority must be "${Priority.options.join('" or "')}".`);
  if (head.metadata.cache !== undefined && !["true", "false"].includes(head.metadata.cache))
    return fail('The metadata x-amz-meta-cache must be "true" or "false".');
  if (head.bytes === 0) return fail("The file is empty.");

  const found = await deps.intake.bytes(upload.key, { ifMatch: head.etag });
  if (found.kind !== "found") return fail("The object was replaced or removed while it was read.");
  const cut = await cutChunks(id, found.body, defaults.tenant, deps);
  if (cut.lines === 0) return fail("The file holds no requests: every line is blank.");

  // For sweep: what was queued, should a message be lost.
  await deps.intake.put(keys.chunkIndex(id), cut.index.join("\n"));
  const ready = await deps.batches.apply(id, {
    type: "planned",
    chunks: cut.index.length,
    lines: cut.lines,
    blankLines: cut.blankLines,
  });
  // All chunks may be done by now, and none of them knew that it was the last.
  if (ready.batch !== undefined) await finishBatch(ready.batch, deps);
  return { kind: "planned", batch: id, lines: cut.lines, chunks: cut.index.length };

  async function fail(failure: string): Promise<Planned> {
    await deps.batches.apply(id, { type: "fail", completedAtMs: deps.clock(), failure });
    await askForCollect({ kind: "batch", batch: id }, deps);
    return { kind: "failed", batch: id, failure };
  }
}

async function cutChunks(
  batch: string,
  body: AsyncIterable<Uint8Array>,
  tenant: string | undefined,
  deps: PlanDeps,
): Promise<{ lines: number; blankLines: number; index: string[] }> {
  const seen = new HashSet();
  const decoder = new TextDecoder();
  const index: string[] = [];
  let lines = 0;
  let blankLines = 0;
  let chunk: ChunkMessage | undefined;

  const queue = async () => {
    if (chunk === undefined) return;
    const text = JSON.stringify(chunk);
    chunk = undefined;
    index.push(text);
    await deps.chunks.send([{ body: text, ...(tenant === undefined ? {} : { group: tenant }) }]);
  };

  for await (const line of splitLines(body, {
    maxLineBytes: deps.policy.policy.maxLineBytes,
    firstLine: 1,
    firstByte: 0,
  })) {
    if (line.kind === "line" && isBlank(line.bytes)) {
      blankLines += 1;
      continue;
    }
    const size = line.endByte - line.startByte + 1;
    if (chunk !== undefined && (chunk.lines >= chunkLimits.lines || line.endByte - chunk.range[0] >= chunkLimits.bytes))
      await queue();
    chunk ??= {
      kind: "chunk",
      batch,
      number: index.length,
      range: [line.startByte, line.startByte + size - 1],
      firstLine: line.number,
      duplicates: [],
      lines: 0,
    };
    chunk.range[1] = line.endByte;
    chunk.lines += 1;
    lines += 1;
    const customId = line.kind === "line" ? customIdOf(decoder.decode(line.bytes)) : undefined;
    if (customId !== undefined && !seen.add(deps.hash128(customId))) chunk.duplicates.push(line.number);
  }
  await queue();
  return { lines, blankLines, index };
}

const Identified = z.looseObject({ custom_id: z.string() });

function customIdOf(text: string): string | undefined {
  try {
    return Identified.safeParse(JSON.parse(text)).data?.custom_id;
  } catch {
    // Not JSON: classify says so to its owner.
    return undefined;
  }
}

/** Metadata that keep a batch's jobs from where they may not go, and from what they may not cost. */
const protective = ["data-class", "residency", "max-cost-usd"];

/** What is wrong with metadata that were nearly protective: to overlook `dataclass` would leave its jobs untagged. */
function misspeltOf(metadata: Record<string, string>): string | undefined {
  const unknown = Object.keys(metadata).filter((key) => !protective.includes(key));
  const misspelt = unknown.find((key) => didYouMean(key, protective) !== "");
  if (misspelt === undefined) return undefined;
  return `The upload's metadata have the unknown key "${misspelt}"${didYouMean(misspelt, protective)} Upload it again, or give other metadata another name.`;
}

function defaultsOf(metadata: Record<string, string>): BatchDefaults {
  const defaults: BatchDefaults = {};
  if (metadata["data-class"] !== undefined) defaults.dataClass = metadata["data-class"];
  if (metadata.residency !== undefined) defaults.residency = metadata.residency;
  if (metadata.tenant !== undefined) defaults.tenant = metadata.tenant;
  if (metadata.deadline !== undefined) defaults.deadline = metadata.deadline;
  const priority = Priority.safeParse(metadata.priority);
  if (priority.success) defaults.priority = priority.data;
  if (metadata.cache === "false") defaults.cache = false;
  if (metadata.dedupe === "true") defaults.dedupe = true;
  return defaults;
}

/** What the whole batch may cost; undefined where its owner does not say. */
function maxCostOf({ "max-cost-usd": text }: Record<string, string>): number | "wrong" | undefined {
  if (text === undefined) return undefined;
  const usd = MaxCostUsd.safeParse(text);
  return usd.success ? nanoUsdOf(usd.data) : "wrong";
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
