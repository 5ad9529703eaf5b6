import type { Clock } from "../../lib/core/ports.ts";
import { RateLimits } from "../../lib/core/work/rate-limits.ts";
import { memoryLimits } from "./memory-limits.ts";

/** The limits of deployments that have none. */
export function noLimits(clock: Clock): RateLimits {
  return new RateLimits({
    clock,
    sleep: async () => {},
    random: () => 0,
    store: memoryLimits(),
    rates: () => undefined,
  });
}
