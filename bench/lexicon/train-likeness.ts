import { likenessBuckets, visitRuns } from "../../lib/core/detect/names/likeness.ts";
import { seeded } from "../name-corpus/random.ts";

type Example = { runs: number[]; isFirst: boolean };

/** Logistic regression on runs of letters: signed bytes in eighths of log odds, one for each bucket. */
export function trainLikeness(firsts: readonly string[], seconds: readonly string[]): Int8Array {
  const random = seeded(11);
  const size = Math.min(firsts.length, seconds.length, 40_000);
  const examples: Example[] = [];
  for (let at = 0; at < size; at++)
    for (const [words, isFirst] of [
      [firsts, true],
      [seconds, false],
    ] as const) {
      const word = random.pick(words);
      const runs: number[] = [];
      visitRuns(word, 0, word.length, (bucket) => runs.push(bucket));
      examples.push({ runs, isFirst });
    }
  const weights = new Float64Array(likenessBuckets);
  for (let epoch = 0; epoch < 6; epoch++)
    for (const { runs, isFirst } of examples) {
      const sum = runs.reduce((total, run) => total + (weights[run] ?? 0), 0);
      const error = 1 / (1 + Math.exp(-sum)) - (isFirst ? 1 : 0);
      for (const run of runs) weights[run] = (weights[run] ?? 0) * (1 - 1e-5) - 0.03 * error;
    }
  return Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight * 64))));
}
