import * as z from "zod";

/** How many jobs ended how. */
export const Counts = z.strictObject({
  succeeded: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  cancelled: z.int().nonnegative(),
});
export type Counts = z.infer<typeof Counts>;

export const noCounts: Counts = { succeeded: 0, failed: 0, cancelled: 0 };

/** Exact cost by deployment, in nano-dollars. */
export const CostByDeployment = z.record(z.string(), z.int().nonnegative());
export type CostByDeployment = z.infer<typeof CostByDeployment>;

export function totalOf(counts: Counts): number {
  return counts.succeeded + counts.failed + counts.cancelled;
}

export function totalCost(cost: CostByDeployment): number {
  return Object.values(cost).reduce((sum, nanoUsd) => sum + nanoUsd, 0);
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { succeeded: a.succeeded + b.succeeded, failed: a.failed + b.failed, cancelled: a.cancelled + b.cancelled };
}

export function addCost(a: CostByDeployment, b: CostByDeployment): CostByDeployment {
  const sum = { ...a };
  for (const [deployment, nanoUsd] of Object.entries(b)) sum[deployment] = (sum[deployment] ?? 0) + nanoUsd;
  return sum;
}
