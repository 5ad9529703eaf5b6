import type { Attempt } from "../core/attempt.ts";
import { LatencyHistogram } from "../core/latency-histogram.ts";
import type { AnswerTimes } from "../core/measured-latency.ts";
import type { Use } from "../core/ports.ts";
import type { InvocationMetrics } from "./metrics.ts";

/** Adds up an invocation's attempts by deployment: written to the day's counter and to metrics once, at its end. */
export class InvocationUse {
  readonly #uses = new Map<string, Use>();
  readonly #latencies = new Map<string, { histogram: LatencyHistogram; answers: number }>();
  readonly #metrics: InvocationMetrics;

  constructor(metrics: InvocationMetrics) {
    this.#metrics = metrics;
  }

  add({ deployment, outcome, latencyMs, costNanoUsd }: Attempt): void {
    const use = this.#uses.get(deployment) ?? { jobs: 0, attempts: 0, failures: 0, costNanoUsd: 0 };
    this.#uses.set(deployment, use);
    const ok = outcome === "ok";
    use.attempts += 1;
    use.jobs += ok ? 1 : 0;
    use.failures += ok ? 0 : 1;
    use.costNanoUsd += costNanoUsd;
    this.#metrics.ofDeployment("Attempts", deployment, 1);
    if (ok) {
      this.#metrics.ofService("JobsSucceeded", 1);
      this.#metrics.latency(deployment, latencyMs);
      const known = this.#latencies.get(deployment) ?? { histogram: new LatencyHistogram(), answers: 0 };
      this.#latencies.set(deployment, known);
      known.histogram.add(latencyMs);
      known.answers += 1;
    } else this.#metrics.ofDeployment("Failures", deployment, 1);
    if (costNanoUsd > 0) this.#metrics.ofDeployment("CostUsd", deployment, costNanoUsd / 1e9);
  }

  total(): ReadonlyMap<string, Use> {
    return this.#uses;
  }

  answerTimes(): ReadonlyMap<string, AnswerTimes> {
    return new Map(
      [...this.#latencies].map(([deployment, { histogram, answers }]) => [
        deployment,
        { medianMs: histogram.percentileMs(0.5), answers },
      ]),
    );
  }

  /** For the invocation's one log line. */
  summary(): { attempts: number; failures: number } {
    const all = [...this.#uses.values()];
    return {
      attempts: all.reduce((sum, { attempts }) => sum + attempts, 0),
      failures: all.reduce((sum, { failures }) => sum + failures, 0),
    };
  }
}
