import { resolve } from "node:path";
import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  out: z.string().optional(),
  json: z.boolean().default(false),
});

/** `results BATCH`: copies output, errors and manifest, and reports. */
export const results: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("results")
    .description("fetch a batch's output.jsonl, errors.jsonl and manifest.json, and show its costs by deployment")
    .argument("<batch>", "a batch's id, as submit prints it")
    .option("--out <dir>", "directory for the files (default: switchyard-results/<batch>)")
    .option("--json", "print {batch, output, errors, manifest, state, counts, costUsd, deployments} as JSON");
  addConnectionOptions(command).action(async (id: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const { fetchResults } = await import("../batches/fetch-results.ts");
    const { printFirstErrors } = await import("../batches/print-first-errors.ts");
    const { printReport } = await import("../batches/report.ts");
    const connection = await connect(io, options, ["bucket"]);
    try {
      const directory = resolve(io.cwd, options.out ?? `switchyard-results/${id}`);
      const { output, errors, manifestPath, manifest } = await fetchResults(id, connection.intake(), directory);
      if (options.json) {
        const { state, counts, costUsd, deployments } = manifest;
        printJson(io, {
          batch: id,
          output: output ?? null,
          errors: errors ?? null,
          manifest: manifestPath,
          state,
          counts,
          costUsd,
          deployments,
        });
      } else {
        printReport(io, manifest);
        if (errors !== undefined && manifest.counts.failed > 0) await printFirstErrors(io, errors);
        io.stdout.write(`Results: ${directory}/\n`);
      }
      done(manifest.state === "completed" && manifest.counts.succeeded > 0 ? 0 : 1);
    } finally {
      connection.close();
    }
  });
};
