import type { Fault, FaultPlan } from "./fault-plan.ts";
import { createRandom } from "./random.ts";
import { createSlidingLimit } from "./sliding-limit.ts";

/** Decides which fault a call meets. */
export type Faults = (deployment: string, elapsedMs: number) => Hit | undefined;
export type Hit = { fault: Fault; retryAfterSeconds?: number };

/** Every fault draws from its own seeded numbers, so that adding one does not change what the others hit. */
export function createFaults(plan: FaultPlan, seed: number): Faults {
  const ordered = plan.faults.map((fault, index) => ({
    fault,
    random: createRandom(seed * 1009 + index),
    limits: new Map<string, ReturnType<typeof createSlidingLimit>>(),
  }));
  return (deployment, elapsedMs) => {
    for (const { fault, random, limits } of ordered) {
      if (fault.deployment !== "*" && fault.deployment !== deployment) continue;
      if (elapsedMs < (fault.from ?? 0) || elapsedMs >= (fault.until ?? Number.POSITIVE_INFINITY)) continue;
      if (fault.rate < 1 && random() >= fault.rate) continue;
      if (fault.limitPerMinute === undefined)
        return fault.retryAfterSeconds === undefined
          ? { fault }
          : { fault, retryAfterSeconds: fault.retryAfterSeconds };
      const limit = limits.get(deployment) ?? createSlidingLimit(fault.limitPerMinute, 60_000);
      limits.set(deployment, limit);
      const waitMs = limit(elapsedMs);
      if (waitMs > 0) return { fault, retryAfterSeconds: fault.retryAfterSeconds ?? Math.ceil(waitMs / 1000) };
    }
    return undefined;
  };
}
