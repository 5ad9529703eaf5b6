import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { measureBundles } from "./bundles.ts";
import { describeCost } from "./cost.ts";
import { measureDecisions } from "./decisions.ts";
import { measureDetection } from "./detection.ts";
import { missed } from "./figure.ts";
import { peakMemory } from "./functions.ts";
import { measureLimits } from "./limits.ts";
import { synthesizeBench } from "./local-stack.ts";
import { readOptions } from "./options.ts";
import { measureOutage } from "./outage.ts";
import { progress } from "./progress.ts";
import { measureScale } from "./scale.ts";
import { type Outcome, runScenario } from "./scenario.ts";
import { measureThroughput, sizesOf } from "./throughput.ts";

/** What is promised of a million jobs' AWS services, in dollars. Source: the design, "What a million jobs may cost". */
const mostUsd = { s3: 0.5, sqs: 2 };

/** Measures what is asked for, and returns one document of it. */
async function bench(only: ReadonlySet<string>, quick: boolean, workDirectory: string) {
  const report: Record<string, unknown> = {
    environment: {
      node: process.version,
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryMb: Math.round(totalmem() / 1024 ** 2),
    },
    quick,
  };
  // First, before the heap is full of other things.
  if (only.has("decisions")) {
    progress("decisions");
    report.decisions = await measureDecisions({ quick });
  }
  if (only.has("detection")) {
    progress("detection");
    report.detection = await measureDetection({ quick });
  }
  if (only.has("bundles")) report.bundles = await measureBundles(workDirectory, { quick });
  if (only.has("limits"))
    report.limits = await measureLimits(await synthesizeBench("limits", workDirectory), { quick });
  if (only.has("outage"))
    report.outage = await measureOutage(await synthesizeBench("outage", workDirectory), { quick });
  if (only.has("scale")) report.scale = await measureScale(await synthesizeBench("openai", workDirectory), { quick });
  if (!only.has("throughput") && !only.has("cost")) return report;

  const sizes = sizesOf(quick);
  const openai = await synthesizeBench("openai", workDirectory);
  const outcomes: Outcome[] = [];
  let tail: Outcome | undefined;
  if (only.has("throughput")) {
    const measured = await measureThroughput(
      { openai, bedrock: await synthesizeBench("bedrock", workDirectory) },
      sizes,
    );
    report.throughput = measured.report;
    outcomes.push(...measured.outcomes);
    tail = measured.externalTail;
  }
  if (only.has("cost")) {
    tail ??= await runScenario(openai, sizes.tail);
    const queued = await runScenario(openai, { ...sizes.tail, path: "sqs" });
    outcomes.push(tail, queued);
    report.cost = { s3: describeCost(tail, mostUsd.s3), sqs: describeCost(queued, mostUsd.sqs) };
  }
  report.peakMemoryMb = peakMemory(outcomes);
  return report;
}

async function run(quick: boolean, only: ReadonlySet<string>): Promise<void> {
  const workDirectory = await mkdtemp(join(tmpdir(), "switchyard-bench-"));
  try {
    const report = await bench(only, quick, workDirectory);
    const misses = missed(report);
    console.log(JSON.stringify({ ...report, missed: misses }, undefined, 2));
    if (quick) progress("a smoke test: its figures are of runs too small to judge");
    else progress(misses.length === 0 ? "every target is met" : `missed: ${misses.join(", ")}`);
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

const options = readOptions(process.argv.slice(2));
if (options.kind === "wrong") {
  progress(options.message);
  process.exitCode = 2;
} else await run(options.quick, options.only);
