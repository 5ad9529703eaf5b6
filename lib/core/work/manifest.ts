import type { Deployment, Policy } from "../configuration/document.ts";
import { costNanoUsd } from "../cost.ts";
import { LatencyHistogram } from "../latency-histogram.ts";
import { type Batch, endStateOf } from "../protocol/batch.ts";
import { totalCost, totalOf } from "../protocol/counts.ts";
import { keys } from "./keys.ts";
import { type EndedJob, usd } from "./result-line.ts";

type DeploymentUse = {
  jobs: number;
  /** Jobs among them that an earlier deployment of their chain was to answer. */
  fallbacks: number;
  attempts: number;
  failures: number;
  costNanoUsd: number;
  latencies: LatencyHistogram;
};

/** Adds up what a batch's jobs did, in bounded memory, and writes the manifest. */
export class ManifestBuilder {
  readonly #deployments = new Map<string, DeploymentUse>();
  readonly #errors = new Map<string, number>();
  readonly #tiers = new Map<string, number>();
  readonly #classes = new Map<string, number>();
  readonly #isoTime: (ms: number) => string;
  /** What every answered job would have cost on the first deployment of the capable tier. */
  readonly #baseline: Deployment | undefined;
  #baselineNanoUsd = 0;
  #lines = 0;
  #duplicates = 0;
  readonly #cached = { jobs: 0, savedNanoUsd: 0 };

  /** @param isoTime writes Unix milliseconds as ISO 8601 in UTC */
  constructor(policy: Policy, isoTime: (ms: number) => string) {
    this.#isoTime = isoTime;
    this.#baseline = policy.deployments[policy.tiers.capable[0]?.use ?? ""];
  }

  /** How many lines have been added. */
  get lines(): number {
    return this.#lines;
  }

  add(job: EndedJob): void {
    this.#lines += 1;
    if (job.decision.tier !== undefined)
      this.#tiers.set(job.decision.tier, (this.#tiers.get(job.decision.tier) ?? 0) + 1);
    if (job.decision.dataClass !== undefined)
      this.#classes.set(job.decision.dataClass, (this.#classes.get(job.decision.dataClass) ?? 0) + 1);
    for (const attempt of job.attempts) {
      const use = this.#useOf(attempt.deployment);
      const count = attempt.count ?? 1;
      use.attempts += count;
      if (attempt.outcome !== "ok") use.failures += count;
      else {
        use.latencies.add(attempt.latencyMs);
        if (this.#baseline !== undefined) this.#baselineNanoUsd += costNanoUsd(this.#baseline, attempt);
      }
      use.costNanoUsd += attempt.costNanoUsd;
    }
    if (job.duplicateOf !== undefined) this.#duplicates += 1;
    if (job.result.kind === "succeeded") {
      // Answered once, for another line.
      if (job.duplicateOf !== undefined) return;
      const use = this.#useOf(job.result.deployment);
      use.jobs += 1;
      if (job.result.cached !== undefined) {
        this.#cached.jobs += 1;
        this.#cached.savedNanoUsd += job.result.cached.savedNanoUsd;
      }
      if (job.decision.kind === "routed" && job.decision.chain[0] !== job.result.deployment) use.fallbacks += 1;
    } else {
      const code = job.result.kind === "failed" ? job.result.error.code : "cancelled";
      this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
    }
  }

  build(batch: Batch, completedAtMs: number): Record<string, unknown> {
    const { counts } = batch;
    const state = endStateOf(batch);
    const deployments = [...this.#deployments]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { latencies, costNanoUsd: cost, ...use }]) => [
        name,
        { ...use, costUsd: usd(cost), p50Ms: latencies.percentileMs(0.5), p95Ms: latencies.percentileMs(0.95) },
      ]);
    return {
      batch: batch.id,
      key: batch.key,
      state,
      ...(batch.failure === undefined ? {} : { failure: batch.failure }),
      policyVersion: batch.policy,
      acceptedAt: this.#isoTime(batch.acceptedAtMs),
      // Set too late to stop anything, it may not be there yet when the next collector looks.
      ...(batch.cancelledAtMs === undefined || state !== "cancelled"
        ? {}
        : { cancelledAt: this.#isoTime(batch.cancelledAtMs) }),
      completedAt: this.#isoTime(completedAtMs),
      ...(this.#duplicates === 0 ? {} : { duplicates: this.#duplicates }),
      ...(this.#cached.jobs === 0
        ? {}
        : { cached: { jobs: this.#cached.jobs, savedUsd: usd(this.#cached.savedNanoUsd) } }),
      blankLines: batch.blankLines ?? 0,
      counts: { accepted: batch.lines ?? totalOf(counts), ...counts },
      costUsd: usd(totalCost(batch.costNanoUsd)),
      ...(batch.maxCostNanoUsd === undefined ? {} : { maxCostUsd: usd(batch.maxCostNanoUsd) }),
      tiers: Object.fromEntries(this.#tiers),
      dataClasses: Object.fromEntries(this.#classes),
      deployments: Object.fromEntries(deployments),
      errorCodes: Object.fromEntries([...this.#errors].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      ...(this.#baseline === undefined
        ? {}
        : { baseline: { deployment: this.#baseline.name, costUsd: usd(this.#baselineNanoUsd) } }),
      output: keys.result(batch.id, "output.jsonl"),
      errors: keys.result(batch.id, "errors.jsonl"),
    };
  }

  #useOf(name: string): DeploymentUse {
    const use = this.#deployments.get(name) ?? {
      jobs: 0,
      fallbacks: 0,
      attempts: 0,
      failures: 0,
      costNanoUsd: 0,
      latencies: new LatencyHistogram(),
    };
    this.#deployments.set(name, use);
    return use;
  }
}
