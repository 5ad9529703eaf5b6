import type { Capability } from "../configuration/document.ts";
import { nanoUsdOf } from "../cost-limit.ts";
import type { Routed } from "../decision.ts";
import type { FoundInPart } from "../detect/detection.ts";
import type { Job } from "../job.ts";
import type { Priority, Zone } from "../names.ts";
import type { Copies, PayloadJob, PayloadRoute } from "../protocol/payload.ts";

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
  /** Personal data in its texts. */
  found: FoundInPart[];
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

type Building = Omit<PackedShard, "payload"> & { payload: PayloadText };

/** The payload of one shard as it grows, already as text. */
export class PayloadText {
  readonly #routes: PayloadRoute[] = [];
  readonly #routeIndex = new Map<string, number>();
  readonly #jobs: string[] = [];
  #bytes = 0;

  get jobs(): number {
    return this.#jobs.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The text of a job, for `add`. */
  textOf({ job, inputTokens, maxOutputTokens, found, reply, ...routed }: RoutedJob): string {
    const written: PayloadJob = {
      line: job.line,
      route: this.#routeOf(routed),
      inputTokens,
      maxOutputTokens,
      ...(job.options.maxCostUsd === undefined ? {} : { maxCostNanoUsd: nanoUsdOf(job.options.maxCostUsd) }),
      ...(job.options.cache === false ? { cache: false } : {}),
      ...(reply ? { reply } : {}),
      ...(found.length > 0 ? { found } : {}),
      body: job.body,
    };
    return JSON.stringify(written);
  }

  add(text: string): void {
    this.#jobs.push(text);
    this.#bytes += text.length;
  }

  toString(): string {
    return `{"routes":${JSON.stringify(this.#routes)},"jobs":[${this.#jobs.join(",")}]}`;
  }

  #routeOf({ decision, needs, deadlineMs }: Pick<RoutedJob, "decision" | "needs" | "deadlineMs">): number {
    const route: PayloadRoute = {
      tier: decision.tier,
      chain: decision.chain,
      dataClass: decision.dataClass,
      ...(decision.residency === undefined ? {} : { residency: decision.residency }),
      needs,
      ...(decision.detection === "done" ? { redactable: true } : {}),
      deadlineMs,
    };
    const key = JSON.stringify(route);
    const known = this.#routeIndex.get(key);
    if (known !== undefined) return known;
    this.#routes.push(route);
    this.#routeIndex.set(key, this.#routes.length - 1);
    return this.#routes.length - 1;
  }
}

/** A payload's text with the copies of its jobs, which are known only when the whole chunk has been read. */
export function withCopies(payload: string, copies: Copies): string {
  return Object.keys(copies).length === 0 ? payload : `${payload.slice(0, -1)},"copies":${JSON.stringify(copies)}}`;
}

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
      payload: new PayloadText(),
    };
    const { payload } = shard;
    const text = payload.textOf(entry);
    if (payload.jobs > 0 && payload.bytes + text.length > shardLimits.bytes) {
      this.#close(shard);
      this.#building.delete(key);
      this.add(place, entry);
      return;
    }
    payload.add(text);
    shard.places.push(place);
    this.#building.set(key, shard);
    if (payload.jobs >= shardLimits.jobs) {
      this.#close(shard);
      this.#building.delete(key);
    }
  }

  end(): void {
    for (const shard of this.#building.values()) this.#close(shard);
    this.#building.clear();
  }

  #close(shard: Building): void {
    this.#full({ ...shard, payload: shard.payload.toString() });
  }
}
