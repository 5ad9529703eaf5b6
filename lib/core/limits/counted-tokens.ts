import type { Deployment } from "../configuration/document.ts";

/** What is expected of an answer whose length nobody limits, in tokens. */
export const usualOutputTokens = 400;

/**
 * What a job counts against a limit of tokens before it is answered: its estimated input and the longest answer that is
 * allowed. Bedrock takes both from its quota up front; OpenAI counts the request's own maximum. Where neither the caller
 * nor the configuration limits the answer, a usual one is counted: no provider that takes the maximum up front is asked
 * without one (`defaultMaxOutputTokens`).
 * Sources: Amazon Bedrock User Guide, "How tokens are counted"; OpenAI API docs, "Rate limits".
 */
export function countedTokens(
  job: { inputTokens: number; maxOutputTokens: number },
  deployment: Pick<Deployment, "defaultMaxOutputTokens">,
): number {
  return job.inputTokens + longestAnswerTokens(job, deployment);
}

/** The longest answer that a job or its deployment allows; a usual one where neither limits it. */
export function longestAnswerTokens(
  { maxOutputTokens }: { maxOutputTokens: number },
  { defaultMaxOutputTokens }: Pick<Deployment, "defaultMaxOutputTokens">,
): number {
  return maxOutputTokens > 0 ? maxOutputTokens : (defaultMaxOutputTokens ?? usualOutputTokens);
}
