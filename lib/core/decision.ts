import * as z from "zod";
import { JobError } from "./failure.ts";
import { Tier, TierOrder, Zone } from "./names.ts";

export const Rejection = z.strictObject({ deployment: z.string(), reason: z.string() });
export type Rejection = z.infer<typeof Rejection>;

/**
 * Whether it was looked through for personal data; not at all without it. `partial`: its texts were, but it has a file or
 * a recording as well, which nobody read.
 */
const DetectionState = z.enum(["done", "partial", "failed"]);

/** Where a job goes and why: the chain with the reason, and every rejected deployment with its reason. */
export const Routed = z.strictObject({
  kind: z.literal("routed"),
  tier: Tier,
  complexity: Tier,
  dataClass: z.string(),
  /** What made it so: the job's own word, its batch, its tenant, or what was found in it. */
  dataClassReason: z.string().optional(),
  detection: DetectionState.optional(),
  residency: z.string().optional(),
  zone: Zone,
  /** `tier`, `model`, `rule`, a strategy's name, or `default`. */
  strategy: z.string(),
  reason: z.string(),
  /** The order of the tier, where it is not the listed one. */
  order: TierOrder.optional(),
  /** Deployments in the order they will be tried; never empty. */
  chain: z.array(z.string()).min(1),
  rejected: z.array(Rejection),
});
export type Routed = z.infer<typeof Routed>;

/** A job that may run nowhere, or asks for what is not known. What was decided before the refusal is kept. */
export const Denied = z.strictObject({
  kind: z.literal("denied"),
  error: JobError,
  tier: Tier.optional(),
  complexity: Tier.optional(),
  dataClass: z.string().optional(),
  dataClassReason: z.string().optional(),
  detection: DetectionState.optional(),
  residency: z.string().optional(),
  strategy: z.string().optional(),
  reason: z.string().optional(),
  rejected: z.array(Rejection),
});
export type Denied = z.infer<typeof Denied>;

export const Decision = z.discriminatedUnion("kind", [Routed, Denied]);
export type Decision = z.infer<typeof Decision>;
