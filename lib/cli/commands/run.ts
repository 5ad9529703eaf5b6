import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import * as z from "zod";
import type { Policy } from "../../core/configuration/document.ts";
import { findBatchFiles } from "../batches/batch-file.ts";
import { addBatchOptions, BatchOptions, checkTenant, metadataOf } from "../batches/batch-options.ts";
import { printFirstErrors } from "../batches/print-first-errors.ts";
import { printReport } from "../batches/report.ts";
import type { CliCommand } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { wrongUse } from "../errors.ts";
import { countOf, usd } from "../format.ts";
import type { Io } from "../io.ts";
import { isSuccess } from "../manifest.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { createProgress, noProgress } from "../progress.ts";
import { earlierOutput } from "../resume/earlier-results.ts";
import type { RunOutcome } from "../run/run-files.ts";

const Options = z.object({
  ...BatchOptions.shape,
  config: z.string().optional(),
  region: z.string().optional(),
  out: z.string().optional(),
  resume: z.string().optional(),
  live: z.boolean().default(false),
  faults: z.string().optional(),
  json: z.boolean().default(false),
});

const notes = `
Exit codes:
  0  every batch completed and something in it succeeded; lines that failed are
     in errors.jsonl, with the reason
  1  a batch failed as a whole, or nothing in it succeeded
  2  wrong use or configuration

Example:
  npx switchyard run examples/support-desk.jsonl --faults examples/faults.yaml`;

/** A class or residency that no line could have is not worth starting for. */
function checkNames({ dataClass, residency }: BatchOptions, { dataClasses, residencies }: Policy): void {
  const classes = dataClasses.map(({ name }) => name);
  if (dataClass !== undefined && !classes.includes(dataClass))
    throw wrongUse(`There is no data class ${dataClass}; the configuration has ${classes.join(", ")}.`);
  if (residency !== undefined && !Object.hasOwn(residencies, residency)) {
    const names = Object.keys(residencies).join(", ");
    throw wrongUse(`There is no residency ${residency}; the configuration has ${names === "" ? "none" : names}.`);
  }
}

/** `run FILE…`: the whole stack on this machine, once, from files to results. */
export const run: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("run")
    .description("run batches through the whole stack on this machine, with simulated providers, and fetch the results")
    .argument("<files...>", "OpenAI batch lines, one request a line; several files are several batches")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--region <region>", "the stack to run (default: the configuration's first region)")
    .option("--out <dir>", "directory for the results (default: switchyard-results/<file name>)")
    .option("--resume <dir>", "run only lines that have no answer in these results, and merge both, in input order")
    .option("--live", "call the real providers whose credentials are in the environment")
    .option("--faults <file>", "what the simulated providers do wrong")
    .option("--json", "print batches, counts, costs and AWS calls as JSON");
  addBatchOptions(command)
    .addHelpText("after", notes)
    .action(async (given: string[], parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      const metadata = metadataOf(options);
      const files = await findBatchFiles(given, io.cwd);
      const configuration = await readConfiguration(io, options.config);
      checkNames(options, configuration.document.policy);
      checkTenant(options, configuration.document.policy);
      const [only] = files;
      if (options.resume !== undefined && files.length > 1) throw wrongUse("--resume is for one file at a time.");
      const earlier = options.resume === undefined ? undefined : await earlierOutput(options.resume, io.cwd, undefined);
      const { startLocalStack } = await import("../local-stack/start-local-stack.ts");
      const { runFiles } = await import("../run/run-files.ts");
      const { partBatch } = await import("../resume/part-batch.ts");
      const progress = options.json ? noProgress(io.stderr) : createProgress(io.stderr, io.clock);
      const stateDirectory = await mkdtemp(join(tmpdir(), "switchyard-run-"));
      try {
        const kept = join(stateDirectory, "resumed");
        const parted =
          earlier === undefined || only === undefined ? undefined : await partBatch(only.path, earlier, kept);
        if (parted?.run === 0) {
          if (options.json) printJson(io, { batches: [], kept: parted.kept });
          else
            io.stdout.write(
              `Every line of ${only?.given} has an answer in ${options.resume}: there is nothing to run.\n`,
            );
          return done(0);
        }
        const sent = only && parted ? [{ ...only, path: parted.rest }] : files;
        const { region, faults, live } = options;
        const stack = await startLocalStack(io, { configuration, region, faults, live, stateDirectory }, progress);
        const outcome = await runFiles(io, stack, sent, {
          metadata,
          prefix: options.prefix,
          out: options.out,
          progress,
          kept: parted && kept,
        }).finally(() => {
          progress.end();
          return stack.stop();
        });
        if (options.json) printJson(io, documentOf(outcome));
        else await printOutcome(io, outcome);
        done(outcome.runs.every(({ manifest }) => isSuccess(manifest)) ? 0 : 1);
      } finally {
        await rm(stateDirectory, { recursive: true, force: true });
      }
    });
};

/** What a batch costs once is most of what fewer lines cost; a million like them is no estimate. */
const fewestForEstimate = 100;

function documentOf({ runs, seconds, awsCalls, awsCostUsdPerMillionJobs }: RunOutcome): unknown {
  const batches = runs.map(({ id, file, output, errors, manifestPath, manifest }) => ({
    id,
    file: file.given,
    state: manifest.state,
    ...(manifest.failure === undefined ? {} : { failure: manifest.failure }),
    ...manifest.counts,
    ...(manifest.kept === undefined ? {} : { kept: manifest.kept }),
    costUsd: manifest.costUsd,
    output: output ?? null,
    errors: errors ?? null,
    manifest: manifestPath,
    deployments: manifest.deployments,
    baseline: manifest.baseline ?? null,
  }));
  return { batches, seconds, awsCalls, awsCostUsdPerMillionJobs: awsCostUsdPerMillionJobs ?? null };
}

async function printOutcome(io: Io, { runs, seconds, awsCostUsdPerMillionJobs }: RunOutcome): Promise<void> {
  for (const { file, manifest, directory, errors } of runs) {
    io.stdout.write(`\n${io.stdout.style("bold", file.given)}\n`);
    printReport(io, manifest);
    if (errors !== undefined && manifest.counts.failed > 0) await printFirstErrors(io, errors);
    const files =
      manifest.state === "failed" ? "manifest.json" : "output.jsonl, errors.jsonl, manifest.json, audit.jsonl";
    io.stdout.write(`Results: ${shown(directory, io.cwd)}/ (${files})\n`);
  }
  const jobs = runs.reduce((sum, { manifest }) => sum + manifest.counts.accepted, 0);
  io.stdout.write(`\n${countOf(jobs, "line")} in ${seconds.toFixed(1)} s.\n`);
  if (awsCostUsdPerMillionJobs !== undefined && jobs >= fewestForEstimate)
    io.stdout.write(
      `AWS services would cost about ${usd(awsCostUsdPerMillionJobs)} for a million jobs sent like this, models apart; ` +
        "larger batches cost less a job.\n",
    );
}

function shown(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith("..") ? path : inside || ".";
}
