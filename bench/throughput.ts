import { atLeast, rounded } from "./figure.ts";
import type { Assembly } from "./local-stack.ts";
import { type Outcome, runScenario, type Scenario } from "./scenario.ts";

/** The stacks of the bench's configurations: one external deployment, or one of Bedrock. */
export type Assemblies = { openai: Assembly; bedrock: Assembly };

export type Sizes = { jobs: number; fallbackJobs: number; tail: Scenario };

/** What a second of latency needs: so many workers for a lane that their calls, not their number, are the limit. */
const manyWorkers = { perFunction: 10, beyondFirst: 24 } satisfies Scenario["processes"];

/** A percent of calls takes ten seconds, the others about one; in the smoke test a tenth of it. */
export function sizesOf(quick: boolean): Sizes {
  const unit = quick ? 100 : 1000;
  const jobs = quick ? 400 : 20_000;
  const latency = { medianMs: unit, tailMs: 10 * unit, tailShare: 0.01 };
  return { jobs, fallbackJobs: quick ? 200 : 4000, tail: { path: "s3", jobs, latency, processes: manyWorkers } };
}

/** Jobs a second from upload to collected results, on this machine, through external providers and through Bedrock. */
export async function measureThroughput({ openai, bedrock }: Assemblies, { jobs, fallbackJobs, tail }: Sizes) {
  const atOnce: Scenario = { path: "s3", jobs, latency: { medianMs: 0, tailShare: 0 } };
  const soon: Scenario = { path: "s3", jobs, latency: { medianMs: 200, tailShare: 0 } };
  const down: Scenario = {
    ...atOnce,
    jobs: fallbackJobs,
    faults: [{ deployment: "first", kind: "overloaded", rate: 1 }],
  };
  const external = await runScenario(openai, atOnce);
  const externalSoon = await runScenario(openai, soon);
  const externalTail = await runScenario(openai, tail);
  const externalDown = await runScenario(openai, down);
  const regional = await runScenario(bedrock, atOnce);
  const regionalSoon = await runScenario(bedrock, soon);
  const regionalTail = await runScenario(bedrock, tail);
  return {
    outcomes: [external, externalSoon, externalTail, externalDown, regional, regionalSoon, regionalTail],
    externalTail,
    report: {
      what: "jobs a second from upload to collected results; engine, emulators, functions and providers share this machine",
      synthSeconds: { external: openai.synthSeconds, bedrock: bedrock.synthSeconds },
      external: {
        latency0Ms: { ...describe(external), jobsPerSecond: atLeast(speed(external), 1000) },
        latency200Ms: describe(externalSoon),
        latency1sTail10s: describe(externalTail),
        firstDeploymentDown: describe(externalDown),
      },
      bedrock: {
        latency0Ms: describe(regional),
        latency200Ms: describe(regionalSoon),
        latency1sTail10s: describe(regionalTail),
      },
    },
  };
}

function describe(outcome: Outcome) {
  const { scenario, seconds, startSeconds } = outcome;
  return {
    jobs: scenario.jobs,
    latency: scenario.latency,
    seconds: rounded(seconds),
    engineStartSeconds: startSeconds,
    jobsPerSecond: rounded(speed(outcome)),
  };
}

function speed({ scenario, seconds }: Outcome): number {
  return scenario.jobs / seconds;
}
