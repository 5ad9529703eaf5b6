import { Duration } from "aws-cdk-lib";
import { Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { Queue } from "aws-cdk-lib/aws-sqs";

/** What the functions emit, all in namespace `Switchyard`. */
type ByDeployment = "JobsRouted" | "Attempts" | "Failures" | "Fallbacks" | "CostUsd" | "LatencyMs";
type ByService =
  | "JobsSucceeded"
  | "JobsFailed"
  | "BatchesCompleted"
  | "BatchesStuck"
  | "CountsWrong"
  | "RepairsQueued"
  | "RepliesDropped"
  | "AuthCooldowns"
  | "DetectionFailures"
  | "BudgetUsed"
  | "UncertainReservations"
  | "Attempts"
  | "Fallbacks"
  | "CostUsd";

const namespace = "Switchyard";
const period = Duration.minutes(5);

export function deploymentMetric(metricName: ByDeployment, deployment: string, statistic: string): Metric {
  return new Metric({ namespace, metricName, dimensionsMap: { deployment }, statistic, period, label: deployment });
}

export function tierMetric(tier: string): Metric {
  return new Metric({
    namespace,
    metricName: "JobsByTier",
    dimensionsMap: { tier },
    statistic: "Sum",
    period,
    label: tier,
  });
}

export function serviceMetric(metricName: ByService, statistic: string): Metric {
  return new Metric({ namespace, metricName, dimensionsMap: { service: "switchyard" }, statistic, period });
}

/** @param label in a graph of many queues; alarms have a description instead */
export function waiting(queue: Queue, label?: string): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({ ...labelled(label), statistic: "Maximum" });
}

/** @param label in a graph of many queues; alarms have a description instead */
export function oldestSeconds(queue: Queue, label?: string): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ ...labelled(label), statistic: "Maximum" });
}

function labelled(label: string | undefined): MetricOptions {
  return label === undefined ? { period } : { period, label };
}
