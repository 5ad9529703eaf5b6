import { awsCost } from "../lib/local/aws-cost.ts";
import { noUsage, type Usage } from "../lib/local/usage.ts";
import { atMost, rounded } from "./figure.ts";
import { describeFunctions } from "./functions.ts";
import type { Outcome } from "./scenario.ts";

/** What the AWS services of a run would cost, by line, for a million jobs like its own. */
export function describeCost({ scenario, seconds, usage, functions }: Outcome, mostUsd: number) {
  const { jobs } = scenario;
  const perMillion = (usd: number) => rounded((usd / jobs) * 1e6);
  const cost = awsCost(usage);
  const lines = cost.lines.map(({ service, what, quantity, usd }) => ({
    line: `${service}: ${what}`,
    perThousandJobs: rounded((quantity / jobs) * 1000),
    usdPerMillionJobs: perMillion(usd),
  }));
  return {
    jobs,
    latency: scenario.latency,
    seconds: rounded(seconds),
    usdPerMillionJobs: atMost((cost.totalUsd / jobs) * 1e6, mostUsd),
    lines,
    /** Not in the sum: what the jobs' owners call to hand them in. */
    clientsUsdPerMillionJobs: perMillion(awsCost(clientsOf(usage)).totalUsd),
    /** Not in the sum either: it goes with processes that start, not with jobs. */
    coldStartsUsd: rounded(awsCost(coldStartsOf(usage)).totalUsd),
    callsPerThousandJobs: {
      functions: perThousand(usage.functions.calls, jobs),
      services: perThousand(usage.services.calls, jobs),
      clients: perThousand(usage.clients.calls, jobs),
    },
    functions: describeFunctions(functions),
  };
}

function perThousand(calls: Record<string, number>, jobs: number): Record<string, number> {
  return Object.fromEntries(Object.entries(calls).map(([call, count]) => [call, rounded((count / jobs) * 1000)]));
}

function clientsOf(usage: Usage): Usage {
  return { ...nothing(usage), functions: usage.clients };
}

function coldStartsOf(usage: Usage): Usage {
  const { initGbSeconds } = usage.lambda;
  return { ...nothing(usage), lambda: { invocations: 0, gbSeconds: initGbSeconds, initGbSeconds } };
}

function nothing({ seconds }: Usage): Usage {
  const lambda = { invocations: 0, gbSeconds: 0, initGbSeconds: 0 };
  const calls = { functions: noUsage(), services: noUsage(), clients: noUsage() };
  return { ...calls, lambda, emptyReceives: 0, objectEvents: 0, logBytes: 0, kmsRequests: 0, seconds };
}
