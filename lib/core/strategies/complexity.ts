import type { Features } from "../features.ts";
import type { Tier } from "../names.ts";
import type { Choice, Strategy } from "./strategy.ts";

/** Points at which a job is no longer lightweight, and no longer standard. */
const standardFrom = 1.5;
const capableFrom = 4;

/**
 * What adds points, each by what the features show. Weights were set by hand so that short support questions stay
 * lightweight, word problems of school mathematics reach standard, and proofs, programs and comparisons reach capable.
 */
const signals: readonly [name: string, points: (features: Features) => number][] = [
  ["mathematics", ({ hasMath }) => (hasMath ? 1.5 : 0)],
  ["code", ({ hasCode }) => (hasCode ? 2 : 0)],
  ["reasoning", ({ reasoningWords }) => (reasoningWords === 0 ? 0 : Math.min(0.5 + reasoningWords, 4))],
  // One number is a date or an amount; several have to be put together.
  ["numbers", ({ numbers }) => Math.min(Math.max(numbers - 1, 0) * 0.3, 1.5)],
  ["length", ({ inputTokens }) => lengthPoints(inputTokens)],
  ["sentences", ({ sentences }) => Math.min(Math.max(sentences - 3, 0) * 0.25, 1)],
  ["questions", ({ questions }) => Math.min(Math.max(questions - 1, 0) * 0.5, 1)],
  ["turns", ({ turns }) => Math.min(Math.max(turns - 1, 0) * 0.5, 1)],
  ["tools", ({ hasTools }) => (hasTools ? 1 : 0)],
  ["images", ({ hasImages }) => (hasImages ? 1 : 0)],
  ["structured-answer", ({ responseFormat }) => (responseFormat === "json_schema" ? 0.5 : 0)],
];

/** The job's complexity, in the tiers' names: the sum of its signals' points; the two strongest are the reason. */
export function complexityOf(features: Features): Choice {
  let total = 0;
  let first: [name: string, points: number] = ["", 0];
  let second = first;
  for (const [name, pointsOf] of signals) {
    const points = pointsOf(features);
    if (points <= 0) continue;
    total += points;
    if (points > first[1]) [first, second] = [[name, points], first];
    else if (points > second[1]) second = [name, points];
  }
  const tier: Tier = total >= capableFrom ? "capable" : total >= standardFrom ? "standard" : "lightweight";
  if (tier === "lightweight") return { tier, reason: "short and plain" };
  return { tier, reason: [first, second].flatMap(([name]) => (name === "" ? [] : [name])).join(", ") };
}

/** Sends a job to the tier of its complexity. */
export const byComplexity: Strategy = ({ complexity }) => complexity;

/** Half a point from 200 tokens on, and another with every doubling, up to four. */
function lengthPoints(inputTokens: number): number {
  return inputTokens < 200 ? 0 : Math.min(0.5 * (1 + Math.floor(Math.log2(inputTokens / 200))), 4);
}
