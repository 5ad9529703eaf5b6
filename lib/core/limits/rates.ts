import type { Policy, RateLimits } from "../configuration/document.ts";

/** What one request and one token take up of a deployment's or tenant's lines of time, milliseconds; what is not limited is not there. */
export type Rates = { requestMs?: number; tokenMs?: number };

/**
 * The share of a limit that is used. The rest makes up for what starts late, for the way to the provider, and for how
 * providers cut their minutes: 97 % in a minute and the second before it (`lateMs`) are 98.6 % of the limit.
 */
const usedShare = 0.97;

/** The name under which a tenant's limits are kept, beside those of deployments, whose names have no colon. */
export function limitOfTenant(tenant: string): string {
  return `${tenantPrefix}${tenant}`;
}
const tenantPrefix = "tenant:";

/** Who has limits of their own: a deployment, or a tenant over all deployments. Undefined for one that is not configured. */
export function limitedBy(
  name: string,
  { deployments, tenants = {} }: Pick<Policy, "deployments" | "tenants">,
): { limits?: RateLimits | undefined } | undefined {
  if (!name.startsWith(tenantPrefix)) return Object.hasOwn(deployments, name) ? deployments[name] : undefined;
  const tenant = name.slice(tenantPrefix.length);
  return Object.hasOwn(tenants, tenant) ? tenants[tenant] : undefined;
}

/** The rates of one stack: limits are divided among the stacks. Undefined for one without limits. */
export function ratesOf({ limits }: { limits?: RateLimits | undefined }, region: string): Rates | undefined {
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
