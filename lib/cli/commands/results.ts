import { basename, resolve } from "node:path";
import * as z from "zod";
import { unknownBatch } from "../batches/unknown-batch.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { type ExitCode, workFailed } from "../errors.ts";
import { count } from "../format.ts";
import type { Io } from "../io.ts";
import { isSuccess } from "../manifest.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { resultsDirectory } from "../resume/earlier-results.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  out: z.string().optional(),
  partial: z.boolean().default(false),
  audit: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `results BATCH`: copies output, errors and manifest, and reports. */
export const results: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("results")
    .description("fetch a batch's output.jsonl, errors.jsonl and manifest.json, and show its costs by deployment")
    .argument("<batch>", "a batch's id, as submit prints it")
    .option(
      "--out <dir>",
      "directory for the files (default: switchyard-results/<batch>, with --partial switchyard-results/<batch>-partial)",
    )
    .option("--partial", "the results so far of a batch that is not over: partial-output.jsonl, partial-errors.jsonl")
    .option("--audit", "write audit.jsonl as well, for `audit DIRECTORY`: what was decided for each line and every hop")
    .option("--json", "print {batch, output, errors, manifest, state, counts, costUsd, deployments} as JSON");
  addConnectionOptions(command).action(async (id: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    if (options.partial) return done(await writePartial(io, id, options));
    const { connect } = await import("../connection/connect.ts");
    const { hasKept, mergeKept } = await import("../resume/merge-kept.ts");
    const { fetchResults } = await import("../batches/fetch-results.ts");
    const { printFirstErrors } = await import("../batches/print-first-errors.ts");
    const { printReport } = await import("../batches/report.ts");
    const { writeAudit } = await import("../audit/write-audit.ts");
    const forAudit = ["table", "generalBucket", "restrictedBucket"] as const;
    const connection = await connect(io, options, ["bucket", ...(options.audit ? forAudit : [])]);
    try {
      const directory = resolve(io.cwd, options.out ?? resultsDirectory(io.cwd, id));
      const fetched = await fetchResults(id, connection.intake(), directory);
      const kept = resultsDirectory(io.cwd, id);
      const { output, errors, manifestPath, manifest } = (await hasKept(kept))
        ? await mergeKept(fetched, kept, directory)
        : fetched;
      const audit = options.audit ? await writeAudit(id, connection, directory) : undefined;
      if (options.json) {
        const { state, counts, costUsd, deployments } = manifest;
        printJson(io, {
          batch: id,
          output: output ?? null,
          errors: errors ?? null,
          manifest: manifestPath,
          ...(audit === undefined ? {} : { audit }),
          state,
          counts,
          costUsd,
          ...(manifest.kept === undefined ? {} : { kept: manifest.kept }),
          deployments,
        });
      } else {
        printReport(io, manifest);
        if (errors !== undefined && manifest.counts.failed > 0) await printFirstErrors(io, errors);
        const files = [output, errors, manifestPath, audit].flatMap((path) =>
          path === undefined ? [] : basename(path),
        );
        io.stdout.write(`Results: ${directory}/ (${files.join(", ")})\n`);
        if (audit === undefined && manifest.state !== "failed")
          io.stdout.write(`"npx switchyard audit ${id}" shows why each line went where it went.\n`);
      }
      done(isSuccess(manifest) ? 0 : 1);
    } finally {
      connection.close();
    }
  });
};

/** Reads what is committed, and changes nothing; the batch goes on. */
async function writePartial(io: Io, id: string, options: z.infer<typeof Options>): Promise<ExitCode> {
  const { connect } = await import("../connection/connect.ts");
  const { fetchPartial } = await import("../batches/fetch-partial.ts");
  const connection = await connect(io, options, ["table", "bucket", "generalBucket", "restrictedBucket"]);
  try {
    const batch = await connection.batches().read(id);
    if (batch === undefined) throw workFailed(unknownBatch(id));
    if (batch.completedAtMs !== undefined)
      throw workFailed(`Batch ${id} is ${batch.state}: fetch its final results with "npx switchyard results ${id}".`);
    const deps = {
      intake: connection.intake(),
      zones: connection.zones(),
      chunks: connection.chunks(),
      clock: io.clock,
    };
    const directory = resolve(io.cwd, options.out ?? `switchyard-results/${id}-partial`);
    const results = await fetchPartial(batch, deps, directory);
    if (options.json) printJson(io, results);
    else {
      const of = results.lines === null ? "" : ` of ${count(results.lines)}`;
      const { output, errors } = results.ended;
      io.stdout.write(
        `Partial: ${count(output + errors)}${of} lines have ended, ${count(output)} with an answer. The batch goes on.\n` +
          `Results so far: ${directory}/ (partial-output.jsonl, partial-errors.jsonl)\n`,
      );
    }
    return 0;
  } finally {
    connection.close();
  }
}
