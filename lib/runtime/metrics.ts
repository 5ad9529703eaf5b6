import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Tier } from "../core/names.ts";

/** Counts by deployment; `Attempts`, `Fallbacks` and the others also add up over the whole service. */
type DeploymentCount = "JobsRouted" | "Attempts" | "Failures" | "Fallbacks" | "CostUsd";
/** Counts of the whole service. */
type ServiceCount =
  | "JobsSucceeded"
  | "JobsFailed"
  | "BatchesCompleted"
  | "BatchesStuck"
  | "RepairsQueued"
  | "RepliesDropped"
  | "CountsWrong"
  | "AuthCooldowns"
  | "UncertainReservations"
  | "DetectionFailures";

/** What one invocation measured. Nothing is written before `flush`, which the middleware calls once an invocation. */
export type InvocationMetrics = {
  ofDeployment(name: DeploymentCount, deployment: string, by: number): void;
  latency(deployment: string, latencyMs: number): void;
  ofTier(tier: Tier, jobs: number): void;
  /** How much of a budget is used; over the whole service, of the one of which most is. */
  budgetUsed(budget: string, percent: number): void;
  ofService(name: ServiceCount, by: number): void;
  flush(): void;
};

/**
 * Values of one metric in a document: it may have 100, and with the hundredth Powertools would write it before its time.
 * Source: CloudWatch, "Embedded metric format specification".
 */
const valuesPerMetric = 99;

const service = "switchyard";

type Document = {
  dimensions: Record<string, string>[];
  counts: Map<string, number>;
  percents: Map<string, number>;
  latencies: number[];
};

/**
 * Metrics in CloudWatch's embedded metric format, namespace `Switchyard`.
 *
 * A document gives each dimension one value, so an invocation writes one for each deployment that it touched, and one for
 * each tier: a lane's function, which does nearly all the work, one or two. Each sum is added up here, so that the number
 * of calls does not matter.
 */
export function createMetrics(): InvocationMetrics {
  const metrics = new Metrics({ namespace: "Switchyard", serviceName: service });
  // Dimension sets are written out: by deployment alone and by service alone, not by both.
  metrics.clearDefaultDimensions();
  const documents = new Map<string, Document>();

  const documentOf = (key: string, dimensions: Record<string, string>[]): Document => {
    const document = documents.get(key) ?? {
      dimensions,
      counts: new Map<string, number>(),
      percents: new Map<string, number>(),
      latencies: [],
    };
    documents.set(key, document);
    return document;
  };
  const deploymentDocument = (deployment: string) =>
    documentOf(`deployment ${deployment}`, [{ deployment }, { service }]);
  const add = ({ counts }: Document, name: string, by: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + by);
  };

  return {
    ofDeployment: (name, deployment, by) => add(deploymentDocument(deployment), name, by),
    latency: (deployment, latencyMs) => void deploymentDocument(deployment).latencies.push(latencyMs),
    ofTier: (tier, jobs) => add(documentOf(`tier ${tier}`, [{ tier }]), "JobsByTier", jobs),
    budgetUsed(budget, percent) {
      const { percents } = documentOf(`budget ${budget}`, [{ budget }, { service }]);
      percents.set("BudgetUsed", percent);
    },
    ofService: (name, by) => add(documentOf("service", [{ service }]), name, by),
    flush() {
      for (const { dimensions, counts, percents, latencies } of documents.values()) {
        for (const set of dimensions) metrics.addDimensions(set);
        for (const [name, value] of counts) metrics.addMetric(name, MetricUnit.Count, value);
        for (const [name, value] of percents) metrics.addMetric(name, MetricUnit.Percent, value);
        for (const value of spread(latencies)) metrics.addMetric("LatencyMs", MetricUnit.Milliseconds, value);
        metrics.publishStoredMetrics();
      }
      documents.clear();
    },
  };
}

/** All values, or of too many as many as fit, evenly by rank: percentiles stay what they were. */
function spread(values: readonly number[]): readonly number[] {
  if (values.length <= valuesPerMetric) return values;
  const sorted = values.toSorted((a, b) => a - b);
  const step = (sorted.length - 1) / (valuesPerMetric - 1);
  return Array.from({ length: valuesPerMetric }, (_, rank) => sorted[Math.round(rank * step)] ?? 0);
}
