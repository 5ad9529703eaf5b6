import * as z from "zod";
import { readBatchStatus, stagesOf } from "../batches/batch-status.ts";
import { isBatchId, unknownBatch } from "../batches/unknown-batch.ts";
import { waitForBatch } from "../batches/wait-for-batch.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed } from "../errors.ts";
import { count, usd } from "../format.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { createProgress, noProgress } from "../progress.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** An upload is announced and read within seconds; a batch unknown for longer than this has another reason. */
const unknownMs = 120_000;

/** `wait BATCH`: until its results are there. */
export const wait: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("wait")
    .description(
      "wait until a batch's results are there; exit code 1 if it failed, was cancelled, or nothing in it succeeded",
    )
    .argument("<batch>", "a batch's id, as submit prints it")
    .option("--json", "print the batch's state and counts as JSON when it has ended");
  addConnectionOptions(command).action(async (id: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    if (!isBatchId(id)) throw workFailed(unknownBatch(id));
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["table"]);
    const progress = options.json ? noProgress(io.stderr) : createProgress(io.stderr, io.clock);
    try {
      const stores = { batches: connection.batches(), chunks: connection.chunks(), clock: io.clock };
      let said = false;
      // Who waits right after submit is mostly earlier than plan.
      const sayUnknown = () => {
        if (!said)
          progress.warn(
            `Batch ${id} is not there yet: its upload may not have been read. Waiting for it for up to ${unknownMs / 1000} s; "npx switchyard status" lists the newest.`,
          );
        said = true;
      };
      const ended = await waitForBatch(id, {
        read: () => readBatchStatus(id, stores),
        onStatus(status) {
          if (status === undefined) sayUnknown();
          progress.show(stagesOf(status));
        },
        everyMs: connection.target.kind === "local" ? 250 : 2000,
        unknownMs,
        clock: io.clock,
        interrupted: io.interrupted,
      });
      progress.end();
      if (ended === undefined) throw workFailed(`Interrupted. Batch ${id} goes on where it runs.`);
      if (options.json) printJson(io, ended);
      else if (ended.state === "failed") io.stdout.write(`The batch failed: ${ended.failure ?? "no reason given"}\n`);
      else
        io.stdout.write(
          `${ended.state === "cancelled" ? "Cancelled" : "Completed"}: ${count(ended.counts.succeeded)} succeeded, ${count(ended.counts.failed)} failed, ` +
            `${count(ended.counts.cancelled)} cancelled; cost ${usd(ended.costUsd)}. ` +
            `"npx switchyard results ${id}" fetches the results.\n`,
        );
      done(ended.state === "completed" && ended.counts.succeeded > 0 ? 0 : 1);
    } finally {
      progress.end();
      connection.close();
    }
  });
};
