import * as z from "zod";

const Attempt = z.object({
  deployment: z.string(),
  outcome: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  costUsd: z.number(),
});
export type ResultAttempt = z.infer<typeof Attempt>;

/** A line of `output.jsonl` or `errors.jsonl`, or a single's result. */
export const Result = z.looseObject({
  custom_id: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  switchyard: z.looseObject({
    line: z.number(),
    deployment: z.string().nullable(),
    dataClass: z.string().nullable(),
    attempts: z.array(Attempt),
    costUsd: z.number(),
  }),
});
export type Result = z.infer<typeof Result>;

export const Manifest = z.looseObject({
  state: z.string(),
  counts: z.object({ accepted: z.number(), succeeded: z.number(), failed: z.number(), cancelled: z.number() }),
  costUsd: z.number(),
});
export type Manifest = z.infer<typeof Manifest>;

/** Dollars as they are written, back as nano-dollars. */
export function nanoUsd(dollars: number): number {
  return Math.round(dollars * 1e9);
}
