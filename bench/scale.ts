import type { FunctionStats } from "../lib/local/lambda/local-function.ts";
import { atLeast, atMost, rounded } from "./figure.ts";
import { describeFunctions } from "./functions.ts";
import type { Assembly } from "./local-stack.ts";
import { functionKind, type Outcome, runScenario, type Scenario } from "./scenario.ts";

/** How much more memory the larger batch may take, and what share of the speed must be left. */
const flat = { memory: 1.2, speed: 0.8 };

/** One batch, and one of many times its lines: whether memory is the same, and time as many times as much. */
export async function measureScale(assembly: Assembly, { quick }: { quick: boolean }) {
  // A chunk has 4,000 lines: fewer would show nothing.
  const [few, many] = quick ? [8000, 32_000] : [20_000, 200_000];
  // Some calls fail, so that fallback has work as well.
  const faults: Scenario["faults"] = [{ deployment: "first", kind: "server-error", rate: 0.1 }];
  const run = (jobs: number) =>
    runScenario(assembly, { path: "s3", jobs, latency: { medianMs: 0, tailShare: 0 }, faults });
  const small = await run(few);
  const large = await run(many);
  const peaks = peakOf(small.functions);
  return {
    what: "two batches, each on an engine of its own",
    small: describe(small),
    large: describe(large),
    peakMemory: Object.fromEntries(
      [...peakOf(large.functions)].map(([kind, bytes]) => [kind, atMost(bytes / (peaks.get(kind) ?? 0), flat.memory)]),
    ),
    speed: atLeast(speedOf(large) / speedOf(small), flat.speed),
  };
}

function describe(outcome: Outcome) {
  const { scenario, seconds, functions } = outcome;
  return {
    lines: scenario.jobs,
    seconds: rounded(seconds),
    linesPerSecond: rounded(speedOf(outcome)),
    functions: describeFunctions(functions),
  };
}

function speedOf({ scenario, seconds }: Outcome): number {
  return scenario.jobs / seconds;
}

/** The most resident memory of a process of each function that had work, bytes. */
function peakOf(functions: readonly FunctionStats[]): Map<string, number> {
  const peaks = new Map<string, number>();
  for (const { name, invocations, peakRssBytes } of functions) {
    const kind = functionKind(name);
    if (invocations > 0) peaks.set(kind, Math.max(peaks.get(kind) ?? 0, peakRssBytes));
  }
  return peaks;
}
