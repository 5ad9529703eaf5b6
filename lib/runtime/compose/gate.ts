import { limitedBy, ratesOf } from "../../core/limits/rates.ts";
import { Gate, type GateDeps } from "../../core/work/gate.ts";
import { RateLimits } from "../../core/work/rate-limits.ts";
import { createCooldownStore } from "../../stores/dynamodb/cooldown-store.ts";
import { createLimitStore } from "../../stores/dynamodb/limit-store.ts";
import type { Basics } from "./basics.ts";

/** What stands between a worker and the deployments: cooldowns and limits, both shared with all workers of the stack. */
export function composeGate(
  { clock, sleep, policies, table }: Basics,
  region: string,
  onCooled: NonNullable<GateDeps["onCooled"]>,
): { gate: Gate; limits: RateLimits } {
  const random = Math.random;
  const limits = new RateLimits({
    clock,
    sleep,
    random,
    store: createLimitStore(table, { sleep, random }),
    // As the newest policy has them: a provider's limits hold for all jobs, whenever they were planned.
    rates: (name) => {
      const limited = limitedBy(name, policies.latest().policy) ?? policies.deployment(name);
      return limited === undefined ? undefined : ratesOf(limited, region);
    },
  });
  const gate = new Gate({
    clock,
    sleep,
    cooldowns: createCooldownStore(table),
    limits,
    policy: () => policies.latest().policy.cooldown,
    concurrency: (name) => policies.deployment(name)?.concurrency ?? 1,
    onCooled,
  });
  return { gate, limits };
}
