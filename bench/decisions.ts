import { createDecider } from "../lib/core/decide.ts";
import { features } from "../lib/core/features.ts";
import type { Job } from "../lib/core/job.ts";
import { parseLine } from "../lib/core/request.ts";
import { type ParsedLine, planChunk } from "../lib/core/work/plan-chunk.ts";
import { createRouter } from "../lib/core/work/router.ts";
import { localDetect } from "../lib/runtime/detection.ts";
import { configuration } from "./configuration.ts";
import { batchLines } from "./corpus.ts";
import { atLeast, atMost, rounded } from "./figure.ts";
import { microsecondsEach, spreadOf } from "./rounds.ts";

/** The lines of a chunk. Source: the design, "Words". */
const linesOfChunk = 4000;

/** How fast lines are classified and planned, on one core and under the shipped example configuration. */
export async function measureDecisions({ quick }: { quick: boolean }) {
  const { document } = await configuration("../examples/switchyard.yaml");
  const decider = createDecider(document, document.policy.regions[0] ?? "");
  const router = createRouter({ document, decider }, () => 0, await localDetect(document.policy));
  const lines = batchLines({ lines: quick ? 500 : linesOfChunk });
  const size = { rounds: quick ? 3 : 15, warmUp: quick ? 1 : 5 };

  const classify = await microsecondsEach(lines.length, size, () => {
    for (const [index, text] of lines.entries()) {
      const parsed = parseLine(text, index + 1);
      if (parsed.kind === "job") router.route(parsed.job, {});
    }
  });

  const jobs = lines.flatMap((text, index): Job[] => {
    const parsed = parseLine(text, index + 1);
    return parsed.kind === "job" ? [parsed.job] : [];
  });
  if (jobs.length !== lines.length) throw new Error("The corpus has lines that are not jobs.");
  const read = jobs.map((job) => ({ job, read: features(job.body) }));
  const decide = await microsecondsEach(read.length, size, () => {
    for (const { job, read: known } of read) decider.decide(job, {}, { nowMs: 0, read: known });
  });

  const plan = await microsecondsEach(lines.length, size, () =>
    planChunk(parsed(lines), { router, defaults: {}, acceptedAtMs: 0, deadlineMs: 86_400_000, onError: fail }),
  );

  const classifyUs = spreadOf(classify.elapsed);
  const decideUs = spreadOf(decide.elapsed);
  const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
  return {
    lines: lines.length,
    meanLineBytes: rounded(bytes / lines.length),
    classify: {
      what: "validation, features, complexity and decision of a line",
      linesPerSecond: atLeast(1e6 / classifyUs.median, 5000),
      microsecondsPerLine: classifyUs,
      cpuMicrosecondsPerLine: spreadOf(classify.cpu),
    },
    decide: {
      what: "a decision alone, features given",
      microseconds: atMost(decideUs.median, 20),
      spread: decideUs,
      cpuMicroseconds: spreadOf(decide.cpu),
    },
    planChunk: {
      what: "all that classify computes for a chunk: the above, the plan, and packing into shards",
      microsecondsPerLine: spreadOf(plan.elapsed),
    },
  };
}

function* parsed(lines: readonly string[]): Generator<ParsedLine> {
  for (const [index, text] of lines.entries()) {
    const line = index + 1;
    const read = parseLine(text, line);
    yield read.kind === "job" ? read : { ...read, line };
  }
}

function fail(error: unknown): never {
  throw error;
}
