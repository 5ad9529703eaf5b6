import type { Capability, PolicyDocument } from "../configuration/document.ts";
import type { Decision, Denied } from "../decision.ts";
import { parseDuration } from "../duration.ts";
import type { JobError } from "../failure.ts";
import type { BatchDefaults, Job } from "../job.ts";
import type { Zone } from "../names.ts";
import type { Plan, PlanLine } from "../protocol/plan.ts";
import type { SegmentRecord } from "../protocol/segment.ts";
import { type PackedShard, Packer } from "./pack.ts";

/** The policy as classify asks it. */
export interface Router {
  document: PolicyDocument;
  route(
    job: Job,
    defaults: BatchDefaults,
  ): { decision: Decision; needs: Capability[]; inputTokens: number; maxOutputTokens: number };
}

/** A line of a chunk, parsed or not. `replyTo` names the queue that its owner waits on. */
export type ParsedLine =
  | { kind: "job"; job: Job; replyTo?: string }
  | { kind: "invalid"; line: number; id?: string; error: JobError; replyTo?: string };

/** What classify made of a chunk, before any of it is written. */
export type PlannedChunk = {
  plan: Plan;
  shards: PackedShard[];
  /** Results of the lines that never reach a lane, by the zone whose key they are under. */
  refused: Record<Zone, SegmentRecord[]>;
};

export type PlanContext = {
  router: Router;
  defaults: BatchDefaults;
  acceptedAtMs: number;
  deadlineMs: number;
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

  for await (const parsed of lines) {
    const place = planLines.length;
    if (parsed.kind === "invalid") {
      const denied: Denied = { kind: "denied", error: parsed.error, rejected: [] };
      planLines.push(planLine(parsed.line, parsed.id, denied, parsed.replyTo));
      refuse(parsed.line, denied);
      continue;
    }
    const { job } = parsed;
    const tenant = job.options.tenant ?? defaults.tenant;
    const ofTenant = tenant === undefined ? job : { ...job, options: { ...job.options, tenant } };
    const { decision, ...sizes } = routed(ofTenant);
    planLines.push(planLine(job.line, job.id, decision, parsed.replyTo));
    if (decision.kind === "denied") refuse(job.line, decision);
    else {
      const reply = parsed.replyTo !== undefined;
      packer.add(place, { job: ofTenant, decision, ...sizes, deadlineMs: deadlineOf(job), reply });
    }
  }
  packer.end();

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
  return { plan, shards, refused };

  /** A line that cannot be classified for a fault of ours stops nothing else. */
  function routed(job: Job): ReturnType<Router["route"]> {
    try {
      return router.route(job, defaults);
    } catch {
      const error: JobError = { code: "internal", message: "The request could not be classified; report this." };
      return { decision: { kind: "denied", error, rejected: [] }, needs: [], inputTokens: 0, maxOutputTokens: 0 };
    }
  }

  function planLine(line: number, id: string | undefined, decision: Decision, replyTo: string | undefined): PlanLine {
    const key = JSON.stringify(decision);
    const known = index.get(key) ?? decisions.push(decision) - 1;
    index.set(key, known);
    return {
      line,
      ...(id === undefined ? {} : { id }),
      decision: known,
      ...(replyTo === undefined ? {} : { replyTo }),
    };
  }

  function refuse(line: number, decision: Denied): void {
    const dataClass = document.policy.dataClasses.find(({ name }) => name === decision.dataClass);
    // A line whose class is not known is treated as the most sensitive.
    const zone = dataClass?.zone ?? "restricted";
    refused[zone].push({ line, attempts: [], result: { kind: "failed", error: decision.error } });
  }

  function deadlineOf(job: Job): number {
    const own = job.options.deadline === undefined ? undefined : parseDuration(job.options.deadline);
    return own === undefined ? context.deadlineMs : Math.min(context.deadlineMs, context.acceptedAtMs + own);
  }
}
