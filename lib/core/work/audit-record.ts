import * as z from "zod";
import { Attempt } from "../attempt.ts";
import { Rejection } from "../decision.ts";
import { FoundInPart } from "../detect/detection.ts";
import { ErrorCode } from "../failure.ts";
import { Tier, TierOrder, Zone } from "../names.ts";

const Where = z.object({
  /** ISO 8601, UTC. */
  at: z.string(),
  /** Of a job queued singly there is none. */
  batch: z.string().optional(),
  chunk: z.string(),
  shard: z.string(),
  line: z.int().nonnegative(),
  zone: Zone,
});

/** What was decided for a job, and on what grounds. Holds offsets and types of what was found, never values. */
export const DecisionRecord = Where.extend({
  kind: z.literal("decision"),
  tenant: z.string().optional(),
  policyVersion: z.string(),
  dataClass: z.string().optional(),
  dataClassReason: z.string().optional(),
  detection: z.enum(["done", "partial", "failed"]).optional(),
  findings: z.array(FoundInPart.pick({ part: true }).extend(FoundInPart.shape.findings.element.shape)),
  residency: z.string().optional(),
  tier: Tier.optional(),
  complexity: Tier.optional(),
  strategy: z.string().optional(),
  reason: z.string().optional(),
  /** The order of the tier, where it is not the listed one. */
  order: TierOrder.optional(),
  /** The eligible deployments, in the order they will be tried. */
  chain: z.array(z.string()),
  rejected: z.array(Rejection),
  /** Of one that was denied: the error's code. */
  code: ErrorCode.optional(),
  /** Of one that policy denied: why, in words of the configuration only. */
  message: z.string().optional(),
});
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** A call, as auditors read it. */
const AuditAttempt = Attempt.omit({ startedAtMs: true }).extend({
  /** ISO 8601, UTC; of rate limits that were only counted there is none. */
  startedAt: z.string().optional(),
});

/** What one owner of a shard did with a job: its calls, what policy forbade on this hop, and what became of it. */
export const HopRecord = Where.extend({
  kind: z.literal("hop"),
  /** The policy versions that were asked. */
  policyVersions: z.array(z.string()),
  attempts: z.array(AuditAttempt),
  refused: z.array(Rejection),
  /** `goes-on`: in another shard. */
  result: z.enum(["succeeded", "failed", "cancelled", "goes-on"]),
  /** Of one that succeeded: who answered. Of one that was moved: where to. */
  deployment: z.string().optional(),
  /** Of an answer that was given before: the id of the result that has it, and when that was. */
  cachedFrom: z.string().optional(),
  cachedAt: z.string().optional(),
  code: ErrorCode.optional(),
});
export type HopRecord = z.infer<typeof HopRecord>;

export const AuditRecord = z.discriminatedUnion("kind", [DecisionRecord, HopRecord]);
export type AuditRecord = z.infer<typeof AuditRecord>;
