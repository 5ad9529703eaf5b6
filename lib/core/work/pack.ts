import type { Capability } from "../configuration/document.ts";
import type { Routed } from "../decision.ts";
import type { Job } from "../job.ts";
import type { Priority, Zone } from "../names.ts";
import type { PayloadJob, PayloadRoute } from "../protocol/payload.ts";

/** The size of a shard. Source: DESIGN, "Words". */
const shardLimits = { jobs: 200, bytes: 8 * 1024 * 1024 };

/** A job with its decision, ready to travel. */
export type RoutedJob = {
  job: Job;
  decision: Routed;
  needs: Capability[];
  inputTokens: number;
  maxOutputTokens: number;
  deadlineMs: number;
  reply: boolean;
};

/** A root shard's jobs, already as the text that travels: memory holds no parsed bodies. */
export type PackedShard = {
  deployment: string;
  zone: Zone;
  tenant: string | undefined;
  priority: Priority;
  /** Places of its jobs among the chunk's lines. */
  places: number[];
  /** JSON of its payload. */
  payload: string;
};

type Building = Omit<PackedShard, "payload"> & {
  routes: PayloadRoute[];
  routeIndex: Map<string, number>;
  jobs: string[];
  bytes: number;
};

/**
 * Packs jobs into shards of one deployment, zone, tenant and priority. Give every job of a chunk in the order of its
 * lines; `full` receives each shard as it fills up, and the rest at `end`.
 */
export class Packer {
  readonly #building = new Map<string, Building>();
  readonly #full: (shard: PackedShard) => void;

  constructor(full: (shard: PackedShard) => void) {
    this.#full = full;
  }

  /** @param place the job's place among the chunk's lines */
  add(place: number, entry: RoutedJob): void {
    const { job, decision } = entry;
    const [deployment] = decision.chain;
    if (deployment === undefined) throw new Error("A routed job has an empty chain.");
    const tenant = job.options.tenant;
    const priority = job.options.priority ?? "normal";
    const key = JSON.stringify([deployment, decision.zone, tenant, priority]);
    const shard: Building = this.#building.get(key) ?? {
      deployment,
      zone: decision.zone,
      tenant,
      priority,
      places: [],
      routes: [],
      routeIndex: new Map(),
      jobs: [],
      bytes: 0,
    };
    const text = JSON.stringify(payloadJob(entry, routeIndexOf(shard, entry)));
    if (shard.jobs.length > 0 && shard.bytes + text.length > shardLimits.bytes) {
      this.#close(shard);
      this.#building.delete(key);
      this.add(place, entry);
      return;
    }
    shard.jobs.push(text);
    shard.bytes += text.length;
    shard.places.push(place);
    this.#building.set(key, shard);
    if (shard.jobs.length >= shardLimits.jobs) {
      this.#close(shard);
      this.#building.delete(key);
    }
  }

  end(): void {
    for (const shard of this.#building.values()) this.#close(shard);
    this.#building.clear();
  }

  #close({ routes, routeIndex: _, jobs, bytes: __, ...shard }: Building): void {
    this.#full({ ...shard, payload: `{"routes":${JSON.stringify(routes)},"jobs":[${jobs.join(",")}]}` });
  }
}

function routeIndexOf(shard: Building, { decision, needs, deadlineMs }: RoutedJob): number {
  const route: PayloadRoute = {
    tier: decision.tier,
    chain: decision.chain,
    dataClass: decision.dataClass,
    ...(decision.residency === undefined ? {} : { residency: decision.residency }),
    needs,
    deadlineMs,
  };
  const key = JSON.stringify(route);
  const known = shard.routeIndex.get(key);
  if (known !== undefined) return known;
  shard.routes.push(route);
  shard.routeIndex.set(key, shard.routes.length - 1);
  return shard.routes.length - 1;
}

function payloadJob({ job, inputTokens, maxOutputTokens, reply }: RoutedJob, route: number): PayloadJob {
  return { line: job.line, route, inputTokens, maxOutputTokens, ...(reply ? { reply } : {}), body: job.body };
}
