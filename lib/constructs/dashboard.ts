import { Stack } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  type IMetric,
  type IWidget,
  MathExpression,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { highQueueSuffix } from "../core/lane.ts";
import { tiers } from "../core/names.ts";
import { deploymentMetric, oldestSeconds, serviceMetric, tierMetric, waiting } from "./metrics.ts";
import type { Watched } from "./watched.ts";

/** Where jobs go, what falls back, what it costs and how long it takes; below, the queues and the functions. */
export function dashboard(scope: Construct, id: string, watched: Watched): Dashboard {
  const { queues, zones, handlers } = watched;
  const lanes = zones.flatMap((zone) => zone.lanes);
  const deployments = [...new Set(lanes.flatMap(({ lane }) => lane.deployments))].sort();
  const each = (metric: Parameters<typeof deploymentMetric>[0], statistic: string): IMetric[] =>
    deployments.map((deployment) => deploymentMetric(metric, deployment, statistic));

  const routes: IWidget[] = [
    pie("Jobs by deployment", 6, each("JobsRouted", "Sum")),
    pie("Jobs by tier", 6, tiers.map(tierMetric)),
    graph("Jobs routed", 12, each("JobsRouted", "Sum"), { stacked: true }),
  ];
  const outcomes: IWidget[] = [
    graph("Fallback rate, % of attempts", 8, [fallbackRate()]),
    graph("Fallbacks from", 8, each("Fallbacks", "Sum"), { stacked: true }),
    graph("Failed attempts", 8, each("Failures", "Sum"), { stacked: true }),
  ];
  const costs: IWidget[] = [
    graph("Cost, $", 8, each("CostUsd", "Sum"), { stacked: true }),
    graph("Most used budget, %", 8, [serviceMetric("BudgetUsed", "Maximum")]),
    graph("Jobs ended", 8, [
      serviceMetric("JobsSucceeded", "Sum"),
      serviceMetric("JobsFailed", "Sum"),
      serviceMetric("BatchesCompleted", "Sum"),
    ]),
  ];
  const latencies: IWidget[] = [
    graph("Latency p50, ms", 12, each("LatencyMs", "p50")),
    graph("Latency p95, ms", 12, each("LatencyMs", "p95")),
  ];
  const work = [
    ...queues.all.map(([name, { queue }]) => [name, queue] as const),
    ...lanes.flatMap(({ lane, queues: [queue, high] }) => [
      ...(queue === undefined ? [] : [[lane.name, queue] as const]),
      ...(high === undefined ? [] : [[`${lane.name}${highQueueSuffix}`, high] as const]),
    ]),
  ];
  const dead = [
    ...queues.all.map(([name, pair]) => [`${name}-dead`, pair.dead] as const),
    ...lanes.map(({ lane, dead: queue }) => [`${lane.name}-dead`, queue] as const),
    ...zones.map(({ zone, lost }) => [`lost-${zone}`, lost] as const),
  ];
  const waits: IWidget[] = [
    graph(
      "Messages waiting",
      8,
      work.map(([name, queue]) => waiting(queue, name)),
    ),
    graph(
      "Oldest message, s",
      8,
      work.map(([name, queue]) => oldestSeconds(queue, name)),
    ),
    graph(
      "Dead letters",
      8,
      dead.map(([name, queue]) => waiting(queue, name)),
    ),
  ];
  const functions: IWidget[] = [
    graph(
      "Function errors",
      8,
      handlers.map(([label, { function: each }]) => each.metricErrors({ label })),
    ),
    graph(
      "Function duration p95, ms",
      8,
      handlers.map(([label, { function: each }]) => each.metricDuration({ label, statistic: "p95" })),
    ),
    graph(
      "Function throttles",
      8,
      handlers.map(([label, { function: each }]) => each.metricThrottles({ label })),
    ),
  ];
  const repairs: IWidget[] = [
    graph("Mended and stuck", 12, [serviceMetric("RepairsQueued", "Sum"), serviceMetric("BatchesStuck", "Maximum")]),
    graph("Deployments rested for auth, not-found or quota", 12, [serviceMetric("AuthCooldowns", "Sum")]),
  ];

  return new Dashboard(scope, id, {
    dashboardName: Stack.of(scope).stackName,
    widgets: [
      [heading("Routes")],
      routes,
      outcomes,
      costs,
      latencies,
      [heading("Queues and functions")],
      waits,
      functions,
      repairs,
    ],
  });
}

function fallbackRate(): MathExpression {
  return new MathExpression({
    label: "fallback rate",
    expression: "IF(attempts > 0, 100 * fallbacks / attempts, 0)",
    usingMetrics: { attempts: serviceMetric("Attempts", "Sum"), fallbacks: serviceMetric("Fallbacks", "Sum") },
  });
}

function graph(title: string, width: number, left: IMetric[], { stacked = false } = {}): GraphWidget {
  return new GraphWidget({
    title,
    width,
    height: 7,
    left,
    stacked,
    view: GraphWidgetView.TIME_SERIES,
    leftYAxis: { min: 0 },
  });
}

/** Shares over the whole time that is shown. */
function pie(title: string, width: number, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, width, height: 7, left, view: GraphWidgetView.PIE, setPeriodToTimeRange: true });
}

function heading(text: string): TextWidget {
  return new TextWidget({ markdown: `## ${text}`, width: 24, height: 1 });
}
