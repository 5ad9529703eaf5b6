import type { ChatBody } from "./chat.ts";
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
 * average over texts and vocabularies, so a quarter is added; a request for `n` answers is charged for as many.
 */
export function reservedNanoUsd(
  { inputTokens, maxOutputTokens, body }: { inputTokens: number; maxOutputTokens: number; body: ChatBody },
  deployment: Pick<Deployment, "price" | "defaultMaxOutputTokens">,
): number {
  const longest = maxOutputTokens > 0 ? maxOutputTokens : (deployment.defaultMaxOutputTokens ?? reservedAnswerTokens);
  const answers = typeof body.n === "number" && body.n > 1 ? Math.ceil(body.n) : 1;
  const usage = { inputTokens: Math.ceil(inputTokens * 1.25) + 20, outputTokens: longest * answers };
  return costNanoUsd(deployment, usage);
}

/** Dollars as the nano-dollars that costs are counted in. */
export function nanoUsdOf(usd: number): number {
  return Math.floor(usd * 1e9);
}
