import type { Attempt } from "../core/attempt.ts";
import type { Use } from "../core/ports.ts";
import type { InvocationMetrics } from "./metrics.ts";

/** Adds up an invocation's attempts by deployment: written to the day's counter and to metrics once, at its end. */
export class InvocationUse {
  readonly #uses = new Map<string, Use>();
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
    } else this.#metrics.ofDeployment("Failures", deployment, 1);
    if (costNanoUsd > 0) this.#metrics.ofDeployment("CostUsd", deployment, costNanoUsd / 1e9);
  }

  total(): ReadonlyMap<string, Use> {
    return this.#uses;
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
