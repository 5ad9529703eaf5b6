import type { Use, UseCounter } from "../../lib/core/ports.ts";

/** Use by day and deployment, in memory. */
export function memoryUse(): UseCounter & { days: Map<string, Map<string, Use>> } {
  const days = new Map<string, Map<string, Use>>();
  return {
    days,
    async add(day, use) {
      const counted = days.get(day) ?? new Map<string, Use>();
      for (const [deployment, more] of use) {
        const before = counted.get(deployment) ?? { jobs: 0, attempts: 0, failures: 0, costNanoUsd: 0 };
        counted.set(deployment, {
          jobs: before.jobs + more.jobs,
          attempts: before.attempts + more.attempts,
          failures: before.failures + more.failures,
          costNanoUsd: before.costNanoUsd + more.costNanoUsd,
        });
      }
      days.set(day, counted);
    },
    async read(day) {
      return structuredClone(days.get(day) ?? new Map());
    },
  };
}
