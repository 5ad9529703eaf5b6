import type { Deployment } from "./configuration/document.ts";
import { costNanoUsd } from "./cost.ts";
import { longestAnswerTokens } from "./limits/counted-tokens.ts";

/**
 * What a call may cost, in nano-dollars: its estimated input and the longest answer that is allowed; a usual answer where
 * neither the caller nor the configuration limits it.
 */
export function mostCostNanoUsd(
  job: { inputTokens: number; maxOutputTokens: number },
  deployment: Pick<Deployment, "price" | "defaultMaxOutputTokens">,
): number {
  const { inputTokens } = job;
  return costNanoUsd(deployment, { inputTokens, outputTokens: longestAnswerTokens(job, deployment) });
}

/** What a budget reserves for an answer whose length nobody limits, in tokens. */
export const reservedAnswerTokens = 4096;

/**
 * What a budget reserves for a call, in nano-dollars: more than it is expected to cost. The estimate of the input is an
 * average over texts and vocabularies, so a quarter is added.
 */
export function reservedNanoUsd(
  { inputTokens, maxOutputTokens }: { inputTokens: number; maxOutputTokens: number },
  deployment: Pick<Deployment, "price" | "defaultMaxOutputTokens">,
): number {
  const longest = maxOutputTokens > 0 ? maxOutputTokens : (deployment.defaultMaxOutputTokens ?? reservedAnswerTokens);
  return costNanoUsd(deployment, { inputTokens: Math.ceil(inputTokens * 1.25) + 20, outputTokens: longest });
}

/** Dollars as the nano-dollars that costs are counted in. */
export function nanoUsdOf(usd: number): number {
  return Math.floor(usd * 1e9);
}
