import type { Engine } from "../lib/local/engine.ts";
import type { FunctionStats } from "../lib/local/lambda/local-function.ts";
import type { Latency } from "../lib/local/simulated-providers/latency.ts";
import type { Usage } from "../lib/local/usage.ts";
import type { CorpusOptions } from "./corpus.ts";
import { type Assembly, type Conditions, startLocalStack } from "./local-stack.ts";
import { progress } from "./progress.ts";
import { runBatch } from "./run-batch.ts";
import { checkSamples, runQueue } from "./run-queue.ts";
import type { WrittenPlan } from "./start-providers.ts";

/** Jobs that take one path through the stack under given conditions. */
export type Scenario = {
  path: "s3" | "sqs";
  jobs: number;
  latency: Latency;
  /** @default none */
  faults?: WrittenPlan["faults"];
  /** @default the engine's own bounds */
  processes?: Conditions["processes"];
};

export type Outcome = {
  scenario: Scenario;
  assembly: Assembly;
  /** From the first byte that a client sent to the end of the last job. */
  seconds: number;
  startSeconds: number;
  /** Of this run alone: the engine was started for it. */
  usage: Usage;
  functions: FunctionStats[];
  /** The providers' answers by how they ended: `ok`, or the fault that was ordered. */
  answers: Record<string, number>;
};

/** Runs a scenario on an engine of its own. Throws when not every job succeeded. */
export async function runScenario(assembly: Assembly, scenario: Scenario): Promise<Outcome> {
  const { path, jobs, latency, faults = [], processes } = scenario;
  progress(`${jobs} jobs by ${path} through ${assembly.name}, latency ${JSON.stringify(latency)}`);
  const stack = await startLocalStack(assembly, { plan: { latency, faults }, processes });
  try {
    // Bedrock's lane takes no answers by schema.
    const options: CorpusOptions = { lines: jobs, without: ["schema"] };
    const seconds = await (path === "s3" ? runBatch(stack, options) : runQueue(stack, options));
    const usage = stack.engine.usage();
    if (path === "sqs") await checkSamples(stack, options);
    await sweepOnce(stack.engine);
    progress(`  ${seconds.toFixed(1)} s, ${Math.round(jobs / seconds)} jobs a second`);
    const functions = stack.engine.functions();
    const answers = await stack.providers.outcomes();
    return { scenario, assembly, seconds, startSeconds: stack.startSeconds, usage, functions, answers };
  } finally {
    await stack.stop();
  }
}

/** Most runs are shorter than sweep's period; its memory is of interest all the same. */
async function sweepOnce(engine: Engine): Promise<void> {
  const sweep = engine.functions().find(({ name }) => functionKind(name) === "sweep");
  if (sweep !== undefined) await engine.invoke(sweep.name, {});
}

/** Which of the handlers a function of the stack runs, from its name: `<stack>-<logical id>-<hash>`. */
export function functionKind(name: string): string {
  const logicalId = name.replace(/^Switchyard-[a-z]+-[a-z-]+-\d-/, "");
  const [, own] = /^(Plan|Classify|Collect|Sweep)Function/.exec(logicalId) ?? [];
  if (own !== undefined) return own.toLowerCase();
  return logicalId.includes("Fallback") ? "fallback" : "invoke";
}
