import type { Deployment } from "../configuration/document.ts";

/** What one request and one token take up of a deployment's lines of time, milliseconds; what is not limited is not there. */
export type Rates = { requestMs?: number; tokenMs?: number };

/**
 * The share of a limit that is used. The rest makes up for what starts late, for the way to the provider, and for how
 * providers cut their minutes: 97 % in a minute and the second before it (`lateMs`) are 98.6 % of the limit.
 */
const usedShare = 0.97;

/** The rates of one stack: limits are divided among the stacks. Undefined for a deployment without limits. */
export function ratesOf({ limits }: Pick<Deployment, "limits">, region: string): Rates | undefined {
  if (limits === undefined) return undefined;
  // A stack that the configuration has no more still has jobs to end.
  const share = (limits.share[region] ?? Math.min(...Object.values(limits.share))) * usedShare;
  const { requestsPerMinute, tokensPerMinute } = limits;
  return {
    ...(requestsPerMinute === undefined ? {} : { requestMs: 60_000 / (requestsPerMinute * share) }),
    ...(tokensPerMinute === undefined ? {} : { tokenMs: 60_000 / (tokensPerMinute * share) }),
  };
}

/** How long some requests with some tokens take at least under the rates. */
export function spanOf({ requestMs = 0, tokenMs = 0 }: Rates, work: { requests: number; tokens: number }): number {
  return Math.max(work.requests * requestMs, work.tokens * tokenMs);
}
