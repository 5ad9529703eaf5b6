import { atLeast, below, rounded } from "./figure.ts";
import { describeFunctions } from "./functions.ts";
import type { Assembly } from "./local-stack.ts";
import { runScenario } from "./scenario.ts";

/** The share of the permitted throughput that a run must reach, and the share of calls that may be refused. */
const least = { throughput: 0.9, refused: 0.01 };

/**
 * A run against a provider that permits so many calls in any 60 seconds, under limits that say so: how much of what is
 * permitted is used, and how often the provider had to refuse.
 */
export async function measureLimits(assembly: Assembly, { quick }: { quick: boolean }) {
  const [deployment] = Object.values(assembly.document.policy.deployments);
  const perMinute = deployment?.limits?.requestsPerMinute ?? 0;
  const jobs = quick ? 100 : 3000;
  const outcome = await runScenario(assembly, {
    path: "s3",
    jobs,
    latency: { medianMs: 500, tailMs: 5000, tailShare: 0.01 },
    // As many workers as there may be: it is they that must agree.
    processes: { perFunction: 10, beyondFirst: 24 },
    faults: [{ deployment: "*", kind: "limit", rate: 1, limitPerMinute: perMinute }],
  });
  const { seconds, answers, functions } = outcome;
  const calls = Object.values(answers).reduce((sum, count) => sum + count, 0);
  return {
    what: "jobs under a limit that the provider enforces over any 60 seconds",
    jobs,
    requestsPerMinute: perMinute,
    seconds: rounded(seconds),
    calls,
    refusedShare: below((answers.limit ?? 0) / calls, least.refused),
    shareOfPermitted: atLeast(jobs / (seconds / 60) / perMinute, least.throughput),
    functions: describeFunctions(functions),
  };
}
