import type { PayloadJob } from "../protocol/payload.ts";
import type { JobResult } from "../protocol/segment.ts";
import type { AnswerCache, Asking, KnownAnswer } from "./answer-cache.ts";
import type { JobEnd } from "./run-job.ts";

type KnownDeps = { cache: AnswerCache; onError: (error: unknown) => void };

/** By line, the answers of a shard's jobs that need no call. That nothing can be looked up now stops no job. */
export async function knownAnswersOf(
  asking: Asking,
  { cache, onError }: KnownDeps,
): Promise<ReadonlyMap<number, KnownAnswer>> {
  try {
    return await cache.find(asking);
  } catch (error) {
    onError(error);
    return new Map();
  }
}

/**
 * Runs a job whose answer was known when its shard began. Nothing is reserved for it: one that may not have that answer
 * any more, for the policy changed, is put back, to be called for the next time.
 */
export async function runKnown(
  owned: Asking & { known: ReadonlyMap<number, KnownAnswer> },
  job: PayloadJob,
  run: (known: JobResult) => Promise<JobEnd>,
  { cache, onError }: KnownDeps,
): Promise<JobEnd> {
  try {
    const result = await cache.stillGood(owned, job, owned.known.get(job.line));
    if (result !== undefined) return await run(result);
  } catch (error) {
    onError(error);
  }
  return { kind: "put-back", attempts: [] };
}
