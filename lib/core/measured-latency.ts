import * as z from "zod";

/** How long answered calls of a deployment take: a running median, and when it was last measured. */
export const MeasuredLatency = z.object({ medianMs: z.number().nonnegative(), atMs: z.number() });
export type MeasuredLatency = z.infer<typeof MeasuredLatency>;

/** What one invocation saw of a deployment. */
export type AnswerTimes = { medianMs: number; answers: number };

/** What is older says nothing of now: the deployment is tried again. */
const goodForMs = 15 * 60_000;

/** So many answers weigh as much as all that was measured before them. */
const answersOfHalf = 50;

/** An exponentially weighted mean of medians; many answers weigh more than few. */
export function withAnswers(
  known: MeasuredLatency | undefined,
  { medianMs, answers }: AnswerTimes,
  nowMs: number,
): MeasuredLatency {
  if (known === undefined || isOld(known, nowMs)) return { medianMs, atMs: nowMs };
  const share = answers / (answers + answersOfHalf);
  return { medianMs: known.medianMs + share * (medianMs - known.medianMs), atMs: nowMs };
}

export function latencyNow(known: MeasuredLatency | undefined, nowMs: number): number | undefined {
  return known === undefined || isOld(known, nowMs) ? undefined : known.medianMs;
}

function isOld({ atMs }: MeasuredLatency, nowMs: number): boolean {
  return nowMs - atMs > goodForMs;
}
