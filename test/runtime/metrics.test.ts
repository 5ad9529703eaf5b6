import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createMetrics, type InvocationMetrics } from "../../lib/runtime/metrics.ts";

const Document = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.tuple([
      z.object({
        Namespace: z.literal("Switchyard"),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string() })),
      }),
    ]),
  }),
});

let written: string[];
let metrics: InvocationMetrics;
beforeEach(() => {
  written = [];
  vi.stubEnv("POWERTOOLS_DEV", "true");
  vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "false");
  for (const method of ["log", "warn"] as const)
    vi.spyOn(console, method).mockImplementation((text: unknown) => void written.push(String(text)));
  metrics = createMetrics();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});
const flushed = () => {
  metrics.flush();
  return written.splice(0).map((text) => Document.parse(JSON.parse(text)));
};

describe("an invocation's metrics", () => {
  it("are one document for each deployment that it touched, which counts for the service too", () => {
    for (const latencyMs of [10, 30, 20]) {
      metrics.ofDeployment("Attempts", "nova-lite", 1);
      metrics.latency("nova-lite", latencyMs);
    }
    metrics.ofDeployment("CostUsd", "nova-lite", 0.25);
    metrics.ofDeployment("Attempts", "gpt-mini", 1);

    const documents = flushed();

    expect(documents).toMatchObject([
      { deployment: "nova-lite", service: "switchyard", Attempts: 3, CostUsd: 0.25, LatencyMs: [10, 30, 20] },
      { deployment: "gpt-mini", service: "switchyard", Attempts: 1 },
    ]);
    expect(documents[0]?._aws.CloudWatchMetrics[0].Dimensions).toEqual([["deployment"], ["service"]]);
  });

  it("say how much of each budget is used, and for the service of the one of which most is", () => {
    metrics.budgetUsed("all", 12.5);
    metrics.budgetUsed("acme", 80);

    const documents = flushed();

    expect(documents).toMatchObject([
      { budget: "all", service: "switchyard", BudgetUsed: 12.5 },
      { budget: "acme", service: "switchyard", BudgetUsed: 80 },
    ]);
    expect(documents[0]?._aws.CloudWatchMetrics[0].Dimensions).toEqual([["budget"], ["service"]]);
  });

  it("are one document for each tier, and one for what has neither", () => {
    metrics.ofTier("capable", 3);
    metrics.ofTier("capable", 4);
    metrics.ofService("JobsFailed", 2);

    const documents = flushed();

    expect(documents).toMatchObject([
      { tier: "capable", JobsByTier: 7 },
      { service: "switchyard", JobsFailed: 2 },
    ]);
    expect(documents.map(({ _aws }) => _aws.CloudWatchMetrics[0].Dimensions)).toEqual([[["tier"]], [["service"]]]);
  });

  it("keep the percentiles of more latencies than a document may have", () => {
    for (let index = 1; index <= 4000; index++) metrics.latency("nova-lite", (index * 7) % 4001);

    const documents = flushed();

    const latencies = z.array(z.number()).parse(documents[0]?.LatencyMs);
    expect(documents).toHaveLength(1);
    expect(latencies).toHaveLength(99);
    expect(latencies[0]).toBe(1);
    expect(latencies[49]).toBeCloseTo(2000, -2);
    expect(latencies[98]).toBe(4000);
  });

  it("are written once, and nothing is written for nothing", () => {
    metrics.ofService("BatchesStuck", 1);

    expect(flushed()).toHaveLength(1);
    expect(flushed()).toEqual([]);
  });
});
