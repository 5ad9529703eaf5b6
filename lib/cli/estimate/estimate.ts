import type { Deployment } from "../../core/configuration/document.ts";
import { costNanoUsd } from "../../core/cost.ts";
import { mostCostNanoUsd } from "../../core/cost-limit.ts";
import { expectedOutputTokens } from "../../core/order.ts";
import type { RoutedLine } from "../route-lines.ts";

type Sum = { lines: number; inputTokens: number; outputTokens: number; expectedNanoUsd: number };

/** What a batch would cost, by what is known before it runs. */
export type Estimate = {
  lines: number;
  /** Lines that would not run, by error code. */
  refused: Map<string, number>;
  /** Routed lines by tier. */
  tiers: Map<string, number>;
  /** By the first deployment of each line's chain. */
  deployments: Map<string, Sum>;
  expectedNanoUsd: number;
  /** Every line answered once, by the dearest deployment of its chain, with the longest answer that is allowed. */
  mostNanoUsd: number;
  /** Lines whose answer neither they nor a deployment of their chain limit: for those a usual one is reckoned with. */
  unlimited: number;
};

/** Adds up what lines would cost with the prices of a policy's deployments. */
export async function estimateLines(
  lines: AsyncIterable<RoutedLine>,
  deployments: Readonly<Record<string, Deployment>>,
): Promise<Estimate> {
  const estimate: Estimate = {
    lines: 0,
    refused: new Map(),
    tiers: new Map(),
    deployments: new Map(),
    expectedNanoUsd: 0,
    mostNanoUsd: 0,
    unlimited: 0,
  };
  for await (const line of lines) {
    estimate.lines += 1;
    if (line.kind === "refused") addOne(estimate.refused, line.error.code);
    else addLine(estimate, line, deployments);
  }
  return estimate;
}

function addLine(
  estimate: Estimate,
  line: RoutedLine & { kind: "routed" },
  deployments: Readonly<Record<string, Deployment>>,
): void {
  const { decision, inputTokens } = line;
  const chain = decision.chain.flatMap((name) => deployments[name] ?? []);
  const [first] = chain;
  if (first === undefined) throw new Error("A line was routed to no deployment of its policy.");
  const outputTokens = expectedOutputTokens(line);
  const expectedNanoUsd = costNanoUsd(first, { inputTokens, outputTokens });
  const sum = estimate.deployments.get(first.name) ?? { lines: 0, inputTokens: 0, outputTokens: 0, expectedNanoUsd: 0 };
  estimate.deployments.set(first.name, {
    lines: sum.lines + 1,
    inputTokens: sum.inputTokens + inputTokens,
    outputTokens: sum.outputTokens + outputTokens,
    expectedNanoUsd: sum.expectedNanoUsd + expectedNanoUsd,
  });
  addOne(estimate.tiers, decision.tier);
  estimate.expectedNanoUsd += expectedNanoUsd;
  estimate.mostNanoUsd += Math.max(...chain.map((deployment) => mostCostNanoUsd(line, deployment)));
  const isLimited = ({ defaultMaxOutputTokens }: Deployment) => defaultMaxOutputTokens !== undefined;
  if (line.maxOutputTokens === 0 && !chain.every(isLimited)) estimate.unlimited += 1;
}

function addOne(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
