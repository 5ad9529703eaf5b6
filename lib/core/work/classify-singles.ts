import { jobKey } from "../batch-id.ts";
import type { Policy } from "../configuration/document.ts";
import type { Job } from "../job.ts";
import { Zone } from "../names.ts";
import type { JobStore } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import type { Plan } from "../protocol/plan.ts";
import { tenantOf, tenantOfSender } from "../tenant.ts";
import { type ClassifyDeps, resume, sendPlanned, sourceOfAdHoc } from "./classify-chunk.ts";
import { keys } from "./keys.ts";
import { namePlan, refusedShard } from "./name-plan.ts";
import { type ParsedLine, planChunk } from "./plan-chunk.ts";
import { readPlan } from "./read-chunk.ts";
import { askForCollect } from "./settle.ts";
import { parseSingle } from "./single-line.ts";

export type SingleDeps = ClassifyDeps & { jobs: JobStore };

/** `senderId`: SQS's, of who sent it. */
export type QueuedJob = { messageId: string; body: string; senderId: string; redelivered: boolean };

/** How long a chunk may be forming before its maker is given up, milliseconds: above classify's time-out. */
const formingMs = 330_000;

/** Job items written at once. */
const writesAtOnce = 64;

/**
 * Makes the jobs that one call took from the queue an ad-hoc chunk and plans it. The order keeps a repeated or redelivered
 * message one job: forming item, bytes, one conditional item a job, plan. Says for each message whether it is done.
 */
export async function classifySingles(queued: readonly QueuedJob[], deps: SingleDeps): Promise<("done" | "keep")[]> {
  const id = `adhoc-${deps.uniqueName()}/0`;
  const acceptedAtMs = deps.clock();
  const [router, replyQueues] = await Promise.all([deps.routerFor(), deps.replyQueues()]);
  const { policy } = router.document;
  const senders = queued.map(({ senderId }) => tenantOfSender(policy, senderId));
  const lines = queued.map(({ body, messageId }, index) =>
    parseSingle(body, index + 1, messageId, replyQueues, senders[index]),
  );

  await deps.open.add({ kind: "chunk", id, sinceMs: acceptedAtMs });
  await deps.chunks.apply(id, { type: "form", formingUntilMs: acceptedAtMs + formingMs });
  await deps.intake.put(keys.jobs(id), `${queued.map(({ body }) => oneLine(body)).join("\n")}\n`);
  const unsent = new Map<string, Chunk>();
  const takes = await inParallel(queued, writesAtOnce, (job, index) => take(job, lines[index], index + 1));

  for (const [chunk, planned] of unsent) {
    await resume(chunk, planned, await sourceOfAdHoc(chunk, planned, deps), deps);
    await announceRefused(chunk, planned, await readPlan(planned, deps.intake), deps);
  }
  const mine = lines.filter((_, index) => takes[index] === "mine");
  if (mine.length > 0) {
    const context = {
      router,
      defaults: {},
      acceptedAtMs,
      deadlineMs: acceptedAtMs + policy.deadlineSeconds * 1000,
      onError: deps.onError,
    };
    const planned = await planChunk(mine, context);
    const { applied, messages } = await namePlan(id, undefined, planned, deps);
    // Given up as too slow while it was forming: the jobs are another's, or come again.
    if (applied.kind === "refused") return takes.map((taken) => (taken === "mine" ? "keep" : taken));
    deps.onPlanned(planned);
    await sendPlanned(id, applied.chunk, planned.plan, router, messages, deps);
    await announceRefused(id, applied.chunk, planned.plan, deps);
  } else await abandonOwn();
  return takes.map((taken) => (taken === "mine" ? "done" : taken));

  async function take(job: QueuedJob, parsed: ParsedLine | undefined, line: number): Promise<"mine" | "done" | "keep"> {
    if (parsed === undefined) return "keep";
    const key =
      parsed.kind === "job"
        ? jobKey(ownerOf(policy, parsed.job, senders[line - 1]), parsed.job.id, deps.hash)
        : jobKey(senders[line - 1], parsed.id ?? job.messageId, deps.hash);
    const claimed = await deps.jobs.claim(key, { chunk: id, line });
    if (claimed.kind === "claimed") return "mine";
    if (claimed.by.chunk === id) return "done";
    const other = await deps.chunks.read(claimed.by.chunk);
    if (other?.state === "planned") {
      // A repeated send is one job. A redelivered one may be all that is left of a crash before sending.
      if (job.redelivered) unsent.set(claimed.by.chunk, other);
      return "done";
    }
    if (other?.state === "forming") {
      const abandoned = await deps.chunks.apply(claimed.by.chunk, { type: "abandon", nowMs: deps.clock() });
      if (abandoned.kind === "refused" && abandoned.because !== "abandoned") return "keep";
    }
    const again = await deps.jobs.claim(key, { chunk: id, line }, claimed.by.chunk);
    return again.kind === "claimed" ? "mine" : "keep";
  }

  async function abandonOwn(): Promise<void> {
    await deps.chunks.apply(id, { type: "abandon", nowMs: acceptedAtMs + formingMs });
    await deps.open.remove({ kind: "chunk", id });
  }
}

/** Tells collect of jobs that no lane gets and whose owners wait for a reply: nobody else closes their shard. */
async function announceRefused(id: string, chunk: Chunk, plan: Plan, deps: SingleDeps): Promise<void> {
  const routed = new Set(plan.order);
  if (!plan.lines.some(({ replyTo }, place) => replyTo !== undefined && !routed.has(place))) return;
  for (const zone of Zone.options) {
    const shard = refusedShard(zone);
    if (chunk.shards[shard] !== undefined) await askForCollect({ kind: "reply", chunk: id, shard }, deps);
  }
}

/** Whose job it is; of one that is refused because it claims another's, who sent it. */
function ownerOf(policy: Policy, job: Job, sender: string | undefined): string | undefined {
  const whose = tenantOf(policy, job.options.tenant, sender);
  return whose.kind === "known" ? whose.tenant : sender;
}

/** A message's text on one line; text that is not JSON never becomes a job and is kept as a JSON string. */
function oneLine(body: string): string {
  if (!body.includes("\n") && !body.includes("\r")) return body === "" ? '""' : body;
  try {
    return JSON.stringify(JSON.parse(body));
  } catch {
    return JSON.stringify(body);
  }
}

async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const run = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index];
      if (item !== undefined) results[index] = await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, run));
  return results;
}
