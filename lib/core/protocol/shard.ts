import * as z from "zod";
import { Zone } from "../names.ts";

/**
 * Why a deployment is out of the running for a shard's jobs: `permanent` for good, `transient` for the rest of the round.
 * A rate limit excludes nobody: the deployment rests, and its jobs wait or go elsewhere meanwhile.
 */
export const Exclusion = z.enum(["permanent", "transient"]);
export type Exclusion = z.infer<typeof Exclusion>;
export const Exclusions = z.record(z.string(), Exclusion);
export type Exclusions = z.infer<typeof Exclusions>;

/** A shard as its chunk's item holds it: everything but the bytes, so that a lost message can be made again. */
export const Shard = z.strictObject({
  state: z.enum(["open", "closed"]),
  /** Counts the claims; 0 is never claimed. Only the newest claim may commit. */
  fence: z.int().nonnegative(),
  /** Unix milliseconds; 0 is held by nobody. */
  leaseUntilMs: z.int().nonnegative(),
  /** The lease that the newest claim found; not 0 means that its owner was lost. */
  foundLeaseMs: z.int().nonnegative(),
  deployment: z.string(),
  zone: Zone,
  /** How many jobs. */
  lines: z.int().positive(),
  /** Of a root: its first place in the plan's order. */
  from: z.int().nonnegative().optional(),
  /** Of a child: which of its parent's jobs, a base64 bitmap. */
  pick: z.string().optional(),
  round: z.int().nonnegative(),
  excluded: Exclusions,
  /** By deployment, how often each of its jobs in order was refused for a rate limit: digits of base 36, `z` is 35 or more. */
  limited: z.record(z.string(), z.string()).optional(),
  /** When sweep last had its message made again, Unix milliseconds, and how often it did. */
  repairedAtMs: z.int().optional(),
  repairs: z.int().optional(),
  /** Of one that waits: not before this Unix time in milliseconds. */
  notBeforeMs: z.int().optional(),
  /** Which budget it waits for, as long as it waits until then. */
  waitsFor: z.strictObject({ budget: z.string(), untilMs: z.int() }).optional(),
  /** A part of a lost worker's shard: runs alone in its invocation. */
  alone: z.literal(true).optional(),
  /** Once closed: the last part of the key of the segment that counts. */
  segment: z.string().optional(),
});
export type Shard = z.infer<typeof Shard>;

/** An open shard that nobody has claimed yet. */
export function freshShard(
  parts: Pick<Shard, "deployment" | "zone" | "lines"> &
    Partial<Pick<Shard, "from" | "pick" | "round" | "excluded" | "notBeforeMs" | "waitsFor" | "alone">>,
): Shard {
  return { state: "open", fence: 0, leaseUntilMs: 0, foundLeaseMs: 0, round: 0, excluded: {}, ...parts };
}

/** `3.0.1` is the second child of `3.0`. */
export function childId(parent: string, index: number): string {
  return `${parent}.${index}`;
}

export function parentId(shard: string): string | undefined {
  const end = shard.lastIndexOf(".");
  return end < 0 ? undefined : shard.slice(0, end);
}

/** A shard's ids from its root to itself. */
export function lineage(shard: string): string[] {
  const parent = parentId(shard);
  return parent === undefined ? [shard] : [...lineage(parent), shard];
}

/** Where an open shard's message belongs: a shard whose own deployment is excluded is waiting for another. */
export function placeOf(shard: Shard): "lane" | "fallback" {
  return Object.hasOwn(shard.excluded, shard.deployment) ? "fallback" : "lane";
}
