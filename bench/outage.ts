import { atMost, below, rounded } from "./figure.ts";
import { type Assembly, startLocalStack } from "./local-stack.ts";
import { deadCalls, type Outage, secondsToReach, throughputBefore } from "./outage-figures.ts";
import { progress } from "./progress.ts";
import { completeBatch } from "./run-batch.ts";

/** How soon after the recovery the throughput must be back, and what share of it counts as back. */
const back = { withinSeconds: 30, share: 0.9 };

/**
 * A run in whose middle every provider fails: that no job fails for it, how often the dead providers are asked, and how
 * soon the run is as fast as before.
 */
export async function measureOutage(assembly: Assembly, { quick }: { quick: boolean }) {
  // The schedule counts from the start of the providers, some seconds before the first job.
  const [fromSeconds, outageSeconds, jobs] = quick ? [20, 20, 5000] : [45, 120, 13_000];
  const untilSeconds = fromSeconds + outageSeconds;
  const schedule = { from: `${fromSeconds}s`, until: `${untilSeconds}s` };
  progress(`${jobs} jobs, all providers down for ${outageSeconds} s`);
  const stack = await startLocalStack(assembly, {
    plan: {
      latency: { medianMs: 500, tailMs: 5000, tailShare: 0.01 },
      faults: [
        { deployment: "first", kind: "overloaded", ...schedule },
        { deployment: "second", kind: "cut", latencyMs: 0, ...schedule },
        { deployment: "third", kind: "server-error", ...schedule },
      ],
    },
    processes: { perFunction: 2, beyondFirst: 12 },
  });
  try {
    const { seconds, counts } = await completeBatch(stack, { lines: jobs, without: ["schema"] });
    const calls = await stack.providers.calls();
    const { startedAtMs } = stack.providers;
    const outage: Outage = {
      fromMs: startedAtMs + fromSeconds * 1000,
      untilMs: startedAtMs + untilSeconds * 1000,
    };
    const before = throughputBefore(calls, outage, 15_000);
    const reached = (share: number) => secondsToReach(calls, outage, before * share);
    const { policy } = assembly.document;
    const deployments = Object.keys(policy.deployments).map((name) => {
      const own = calls.filter(({ deployment }) => deployment === name);
      const { untilRested, untilRestedSeconds, probes, permitted, early } = deadCalls(own, outage, policy.cooldown);
      return [
        name,
        {
          untilRested,
          untilRestedSeconds: rounded(untilRestedSeconds),
          probes: atMost(probes, permitted),
          earlyProbes: atMost(early, 0),
        },
      ];
    });
    return {
      what: "jobs in whose midst all providers are down; throughput in answers of the providers",
      jobs,
      outageSeconds,
      seconds: rounded(seconds),
      failed: atMost(counts.accepted - counts.succeeded, 0),
      deadCalls: Object.fromEntries(deployments),
      jobsPerSecondBefore: rounded(before),
      secondsToHalf: reached(0.5) ?? "never",
      secondsToBack: below(reached(back.share) ?? Number.POSITIVE_INFINITY, back.withinSeconds),
    };
  } finally {
    await stack.stop();
  }
}
