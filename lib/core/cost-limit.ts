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

/** Dollars as the nano-dollars that costs are counted in. */
export function nanoUsdOf(usd: number): number {
  return Math.floor(usd * 1e9);
}
