import { rounded } from "./figure.ts";

/** What several rounds of one measure gave: the middle, and how far they lie apart. */
export type Spread = { median: number; min: number; max: number; rounds: number };

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
  return {
    median: rounded(median),
    min: rounded(sorted[0] ?? Number.NaN),
    max: rounded(sorted.at(-1) ?? Number.NaN),
    rounds: sorted.length,
  };
}

/** Microseconds that work takes for each of its items, round by round, after rounds that only warm up. */
export async function microsecondsEach(
  items: number,
  { rounds, warmUp }: { rounds: number; warmUp: number },
  work: () => unknown,
): Promise<{ elapsed: number[]; cpu: number[] }> {
  const elapsed: number[] = [];
  const cpu: number[] = [];
  for (let round = 0; round < warmUp + rounds; round++) {
    const usedBefore = process.cpuUsage();
    const startedMs = performance.now();
    await work();
    const elapsedMs = performance.now() - startedMs;
    const used = process.cpuUsage(usedBefore);
    if (round < warmUp) continue;
    elapsed.push((elapsedMs * 1000) / items);
    cpu.push((used.user + used.system) / items);
  }
  return { elapsed, cpu };
}
