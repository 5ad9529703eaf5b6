import { drawn } from "./seeded.ts";

/** How far off the clock of the n-th process of a function is: half of them not at all, the others by up to the most. */
export function skewMsOf(process: { seed: number; role: string; number: number; mostSkewMs: number }): number {
  const { seed, role, number, mostSkewMs } = process;
  if (drawn(seed, "skewed", role, number) < 0.5) return 0;
  return Math.round((2 * drawn(seed, "skew", role, number) - 1) * mostSkewMs);
}
