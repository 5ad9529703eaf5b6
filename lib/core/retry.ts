import type { FailureKind } from "./failure.ts";

/** A rate limit is waited out in place only up to this long. Source: DESIGN, "Failures". */
export const longestInPlaceMs = 2000;

/**
 * How long to wait before the same deployment is tried once more in place; undefined for not at all.
 * @param tried calls of this deployment for this job in this shard so far
 * @param random in [0, 1): spreads the retries of many jobs
 */
export function retryInPlaceMs(
  failure: FailureKind,
  tried: number,
  retryAfterMs: number | undefined,
  random: number,
): number | undefined {
  if (tried > 1) return undefined;
  switch (failure) {
    case "rate-limited":
      return retryAfterMs !== undefined && retryAfterMs <= longestInPlaceMs ? retryAfterMs + random * 250 : undefined;
    case "overloaded":
    case "server-error":
    case "network":
    case "timeout":
      return 50 + random * 450;
    default:
      return undefined;
  }
}
