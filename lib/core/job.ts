import * as z from "zod";
import type { ChatBody } from "./chat.ts";
import { Priority, Tier } from "./names.ts";

/** Limits on one request line's `switchyard` object; unknown keys are errors, a typo is not a wish ignored. */
export const JobOptions = z.strictObject({
  dataClass: z.string().optional(),
  residency: z.string().optional(),
  tier: Tier.optional(),
  /** `30s`, `15m`, `24h`, `7d`, from when the batch or message was accepted. */
  deadline: z.string().optional(),
  tenant: z.string().min(1).max(128).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  priority: Priority.optional(),
  /** What the job may cost, in dollars. */
  maxCostUsd: z.number().positive().max(1_000_000).optional(),
  /** `false`: an answer that was given before will not do. */
  cache: z.boolean().optional(),
});
export type JobOptions = z.infer<typeof JobOptions>;

/** One LLM request with its metadata, validated. `line` is the physical line, from 1 (0-based index + 1), or the place in an ad-hoc chunk. */
export type Job = {
  id: string;
  line: number;
  body: ChatBody;
  options: JobOptions;
};

/** What a whole batch may cost, in dollars, written as a text. */
export const MaxCostUsd = z
  .string()
  .regex(/^\d{1,7}(\.\d{1,9})?$/)
  .transform(Number)
  .pipe(z.number().positive().max(1_000_000));

/** What holds for a whole batch, from the object's user metadata or the CLI's flags. */
export const BatchDefaults = z.strictObject({
  dataClass: z.string().optional(),
  residency: z.string().optional(),
  tenant: z.string().optional(),
  deadline: z.string().optional(),
  /** Of lines that state none. */
  priority: Priority.optional(),
  /** Of lines that do not say. */
  cache: z.literal(false).optional(),
  /** Lines of one chunk that ask for the same are run once. */
  dedupe: z.literal(true).optional(),
});
export type BatchDefaults = z.infer<typeof BatchDefaults>;
