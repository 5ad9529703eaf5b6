import type { Hash } from "../batch-id.ts";
import type { Policy, PolicyDocument } from "../configuration/document.ts";
import type { Decision, Denied } from "../decision.ts";
import { defined } from "../defined.ts";
import type { FoundInPart } from "../detect/detection.ts";
import { parseDuration } from "../duration.ts";
import { cancelledError, type JobError } from "../failure.ts";
import type { BatchDefaults, Job } from "../job.ts";
import type { Zone } from "../names.ts";
import { copiesIn, type Plan, type PlanLine } from "../protocol/plan.ts";
import type { JobResult, SegmentRecord } from "../protocol/segment.ts";
import { requestHash } from "../request-hash.ts";
import { tenantOf } from "../tenant.ts";
import { type PackedShard, Packer, withCopies } from "./pack.ts";
import type { Sizes } from "./router.ts";

/** A decision with what it rests on and what the hops must know. */
type Routing = { decision: Decision; found: FoundInPart[] } & Sizes;

/** The policy as classify asks it. */
export interface Router {
  document: PolicyDocument;
  route(job: Job, defaults: BatchDefaults): Routing | Promise<Routing>;
}

/**
 * A line of a chunk, parsed or not. `replyTo` names the queue that its owner waits on; `tenant` is who sent it, where
 * that is known of the line and not of its batch.
 */
export type ParsedLine =
  | { kind: "job"; job: Job; replyTo?: string; tenant?: string }
  | { kind: "invalid"; line: number; id?: string; error: JobError; replyTo?: string };

/** What classify made of a chunk, before any of it is written. */
export type PlannedChunk = {
  plan: Plan;
  shards: PackedShard[];
  /** Results of the lines that never reach a lane, by the zone whose key they are under. */
  refused: Record<Zone, SegmentRecord[]>;
  /** What its batch may cost: it travels with every shard. */
  maxCostNanoUsd: number | undefined;
};

export type PlanContext = {
  router: Router;
  defaults: BatchDefaults;
  acceptedAtMs: number;
  deadlineMs: number;
  /** Names requests; without it they have no names. */
  hash?: Hash;
  /** What its batch may cost. */
  maxCostNanoUsd?: number;
  /** Its batch was cancelled: nothing is routed, every job ends so. */
  cancelled?: boolean;
  /** Told why a job could not be classified, which is a fault of ours. */
  onError: (error: unknown) => void;
};

/** Decides every line of a chunk and packs the jobs into shards. A bad line stops nothing else. */
export async function planChunk(
  lines: AsyncIterable<ParsedLine> | Iterable<ParsedLine>,
  context: PlanContext,
): Promise<PlannedChunk> {
  const { router, defaults } = context;
  const { document } = router;
  const shards: PackedShard[] = [];
  const packer = new Packer((shard) => shards.push(shard));
  const refused: Record<Zone, SegmentRecord[]> = { general: [], restricted: [] };
  const decisions: Decision[] = [];
  const index = new Map<string, number>();
  const planLines: PlanLine[] = [];
  /** By request, the line that runs for all that ask for the same. */
  const originals = new Map<string, PlanLine>();

  for await (const parsed of lines) {
    const place = planLines.length;
    if (parsed.kind === "invalid") {
      const denied: Denied = { kind: "denied", error: parsed.error, rejected: [] };
      planLines.push(planLine(parsed.line, parsed, denied));
      refuse(parsed.line, denied);
      continue;
    }
    if (context.cancelled === true) {
      const denied: Denied = { kind: "denied", error: cancelledError, rejected: [] };
      planLines.push(planLine(parsed.job.line, parsed.job, denied));
      refuse(parsed.job.line, denied);
      continue;
    }
    const request = context.hash === undefined ? undefined : requestHash(parsed.job, context.hash);
    const original = defaults.dedupe === true && request !== undefined ? originals.get(request) : undefined;
    if (original !== undefined) {
      // What decides for one decides for the other: the tenant, class and time of a batch are the same for both.
      planLines.push({ ...original, line: parsed.job.line, id: parsed.job.id, duplicateOf: original.line });
      continue;
    }
    const { job, decision, found, ...sizes } = await routed(parsed);
    planLines.push(planLine(job.line, { id: job.id, found, replyTo: parsed.replyTo, request }, decision));
    if (decision.kind === "denied") refuse(job.line, decision);
    else {
      const reply = parsed.replyTo !== undefined;
      packer.add(place, { job, decision, found, ...sizes, deadlineMs: deadlineOf(job, context), reply });
      const planned = planLines[place];
      if (request !== undefined && planned !== undefined) originals.set(request, planned);
    }
  }
  packer.end();
  const copies = copiesIn({ lines: planLines });
  for (const shard of copies === undefined ? [] : shards)
    shard.payload = withCopies(
      shard.payload,
      Object.fromEntries(
        shard.places.flatMap((place) => {
          const line = planLines[place]?.line ?? 0;
          const own = copies?.[line];
          return own === undefined ? [] : [[String(line), own]];
        }),
      ),
    );

  const order: number[] = [];
  const roots = shards.map((shard, number) => {
    const from = order.length;
    order.push(...shard.places);
    const { zone, tenant, priority } = shard;
    return {
      shard: String(number),
      zone,
      ...(tenant === undefined ? {} : { tenant }),
      priority,
      from,
      lines: shard.places.length,
    };
  });
  const plan: Plan = {
    v: 1,
    policy: document.version,
    deadlineMs: context.deadlineMs,
    decisions,
    lines: planLines,
    order,
    roots,
  };
  return { plan, shards, refused, maxCostNanoUsd: context.maxCostNanoUsd };

  async function routed({
    job,
    tenant: sender,
  }: Extract<ParsedLine, { kind: "job" }>): Promise<Routing & { job: Job }> {
    const whose = tenantOf(document.policy, job.options.tenant, sender ?? defaults.tenant);
    if (whose.kind === "refused") return { job, ...refusal(whose.error) };
    const ofTenant = withTenant(withDefaults(job, defaults), whose.tenant);
    try {
      return { job: ofTenant, ...(await router.route(ofTenant, defaults)) };
    } catch (fault) {
      context.onError(fault);
      // A line that cannot be classified for a fault of ours stops nothing else.
      const error: JobError = { code: "internal", message: "The request could not be classified; report this." };
      return { job, ...refusal(error) };
    }
  }

  function planLine(line: number, { id, found = [], replyTo, request }: LineFacts, decision: Decision): PlanLine {
    const key = JSON.stringify(decision);
    const known = index.get(key) ?? decisions.push(decision) - 1;
    index.set(key, known);
    return {
      line,
      ...(id === undefined ? {} : { id }),
      decision: known,
      ...(request === undefined ? {} : { request }),
      ...(found.length === 0 ? {} : { found }),
      ...(replyTo === undefined ? {} : { replyTo }),
    };
  }

  function refuse(line: number, decision: Denied): void {
    const zone = zoneOfRefused(document.policy, decision);
    const { error } = decision;
    const result: JobResult = error.code === "cancelled" ? { kind: "cancelled" } : { kind: "failed", error };
    refused[zone].push({ line, attempts: [], result });
  }
}

type LineFacts = {
  id?: string;
  found?: FoundInPart[];
  replyTo?: string | undefined;
  request?: string | undefined;
};

/** The zone of a line that reaches no lane; one whose class is not known is treated as the most sensitive. */
export function zoneOfRefused({ dataClasses }: Policy, { dataClass }: Denied): Zone {
  return dataClasses.find(({ name }) => name === dataClass)?.zone ?? "restricted";
}

/** When a job's time is over: its own deadline can be earlier than its batch's, not later. */
export function deadlineOf({ options }: Job, { deadlineMs, acceptedAtMs }: PlanContext): number {
  const own = options.deadline === undefined ? undefined : parseDuration(options.deadline);
  return own === undefined ? deadlineMs : Math.min(deadlineMs, acceptedAtMs + own);
}

/** What the job does not say and its batch does. */
export function withDefaults(job: Job, { priority, cache }: BatchDefaults): Job {
  if (priority === undefined && cache === undefined) return job;
  return { ...job, options: { ...defined({ priority, cache }), ...job.options } };
}

export function withTenant(job: Job, tenant: string | undefined): Job {
  return tenant === undefined ? job : { ...job, options: { ...job.options, tenant } };
}

function refusal(error: JobError): Routing {
  const decision: Denied = { kind: "denied", error, rejected: [] };
  return { decision, found: [], needs: [], inputTokens: 0, maxOutputTokens: 0 };
}
