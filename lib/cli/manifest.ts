import * as z from "zod";

/** What a batch's `manifest.json` says, as far as the CLI reads it. Latencies are of answered calls, in milliseconds. */
export const Manifest = z.looseObject({
  batch: z.string(),
  key: z.string(),
  state: z.enum(["completed", "cancelled", "failed"]),
  failure: z.string().optional(),
  policyVersion: z.string(),
  acceptedAt: z.string(),
  completedAt: z.string(),
  blankLines: z.int(),
  counts: z.object({ accepted: z.int(), succeeded: z.int(), failed: z.int(), cancelled: z.int() }),
  costUsd: z.number(),
  /** Lines that shared the result of another one. */
  duplicates: z.int().optional(),
  /** Answers that were given before to the same request, and what their calls had cost. */
  cached: z.object({ jobs: z.int(), savedUsd: z.number() }).optional(),
  /** Of a batch that was resumed, put in by the CLI: lines that were not sent, for they had an answer, or the id of one that had. */
  kept: z.object({ answers: z.int(), duplicates: z.int() }).optional(),
  deployments: z.record(
    z.string(),
    z.object({
      /** Jobs that it answered. */
      jobs: z.int(),
      attempts: z.int(),
      fallbacks: z.int(),
      failures: z.int(),
      costUsd: z.number(),
      p50Ms: z.number().nullish(),
      p95Ms: z.number().nullish(),
    }),
  ),
  /** How many lines of each class there were. */
  dataClasses: z.record(z.string(), z.int()).optional(),
  errorCodes: z.record(z.string(), z.int()).optional(),
  /** What the answered jobs would have cost on the first deployment of the capable tier. */
  baseline: z.object({ deployment: z.string(), costUsd: z.number() }).optional(),
});
export type Manifest = z.infer<typeof Manifest>;

/** Whether a batch ran to its end and there is at least one answer to show for it: what exit codes say. */
export function isSuccess({ state, counts, kept }: Manifest): boolean {
  return state === "completed" && counts.succeeded + (kept?.answers ?? 0) > 0;
}
