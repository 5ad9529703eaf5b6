import * as z from "zod";
import { FailureKind } from "./failure.ts";

/** One call of one deployment. `costNanoUsd` is what the provider charged, failed or not. */
export const Attempt = z.object({
  deployment: z.string(),
  outcome: z.union([z.literal("ok"), FailureKind]),
  /** Unix time of the start, in milliseconds. */
  startedAtMs: z.int(),
  latencyMs: z.int().nonnegative(),
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  costNanoUsd: z.int().nonnegative(),
  /** Rate-limited attempts on one deployment are one record with a count. @default 1 */
  count: z.int().positive().optional(),
  /** The provider's own error code or status, never its text. */
  detail: z.string().optional(),
  /** What was found in the request was replaced by placeholders before it left. */
  redacted: z.literal(true).optional(),
});
export type Attempt = z.infer<typeof Attempt>;
