import type { Deployment } from "./configuration/document.ts";
import { costNanoUsd } from "./cost.ts";
import { usualOutputTokens } from "./limits/counted-tokens.ts";
import type { TierOrder } from "./names.ts";
import { unitHash } from "./unit-hash.ts";

/** A deployment's median latency in milliseconds, where it was measured lately. */
export type LatencyOf = (deployment: string) => number | undefined;

/** What the order of a tier goes by, of one job. */
export type OrderedJob = { id: string; inputTokens: number; maxOutputTokens: number; latencyMs: LatencyOf };

/** An entry of a chain; its weight counts in the order `weighted` only. */
type Entry = { deployment: Deployment; weight: number };

/** Which share of jobs tries a deployment first that was not measured lately: else it would never be. */
const exploringShare = 0.02;

/**
 * The entries of a chain in the tier's order for one job, the same for the same job and measurements; what is equal stays
 * in the listed order.
 */
export function inOrder<Some extends Entry>(order: TierOrder, entries: readonly Some[], job: OrderedJob): Some[] {
  if (order === "listed" || entries.length < 2) return [...entries];
  return entries
    .map((entry) => ({ entry, rank: rankOf(order, entry, job) }))
    .toSorted((one, other) => (one.rank < other.rank ? -1 : one.rank > other.rank ? 1 : 0))
    .map(({ entry }) => entry);
}

/** Lower is earlier. */
function rankOf(order: Exclude<TierOrder, "listed">, { deployment, weight }: Entry, job: OrderedJob): number {
  const { name } = deployment;
  switch (order) {
    case "cheapest":
      return costNanoUsd(deployment, { inputTokens: job.inputTokens, outputTokens: expectedOutputTokens(job) });
    case "fastest": {
      const latencyMs = job.latencyMs(name);
      if (latencyMs !== undefined) return latencyMs;
      return unitHash(`${job.id} explores ${name}`) < exploringShare ? 0 : Number.POSITIVE_INFINITY;
    }
    case "weighted":
      // Of exponential variates with these rates, each is the smallest as often as its weight says; so are the next ones
      // of those that are left. Source: Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006).
      return -Math.log(unitHash(`${job.id} ${name}`)) / weight;
  }
}

/** How long an answer will be: what is usual, unless less is allowed. */
export function expectedOutputTokens({ maxOutputTokens }: Pick<OrderedJob, "maxOutputTokens">): number {
  return maxOutputTokens === 0 ? usualOutputTokens : Math.min(maxOutputTokens, usualOutputTokens);
}
