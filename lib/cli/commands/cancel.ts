import * as z from "zod";
import { cancelBatch } from "../../core/work/cancel-batch.ts";
import { unknownBatch } from "../batches/unknown-batch.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed } from "../errors.ts";
import { time } from "../format.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** `cancel BATCH`: sets its flag; does not wait. */
export const cancel: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("cancel")
    .description("stop what has not started of a batch; calls in flight finish, and every line has a result")
    .argument("<batch>", "a batch's id, as submit prints it")
    .option("--json", "print {batch, outcome, state, cancelledAt} as JSON");
  addConnectionOptions(command).action(async (id: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["table"]);
    try {
      const outcome = await cancelBatch(id, { batches: connection.batches(), clock: io.clock });
      if (outcome.kind === "unknown") throw workFailed(unknownBatch(id));
      const { state, cancelledAtMs } = outcome.batch;
      const cancelledAt = cancelledAtMs === undefined ? null : new Date(cancelledAtMs).toISOString();
      if (options.json) printJson(io, { batch: id, outcome: outcome.kind, state, cancelledAt });
      else if (outcome.kind === "over")
        io.stdout.write(
          `Nothing to cancel: batch ${id} is ${state}. "npx switchyard results ${id}" fetches its results.\n`,
        );
      else if (outcome.kind === "already-cancelled")
        io.stdout.write(`Batch ${id} was cancelled before, at ${time(cancelledAtMs ?? 0)} UTC, and is ending.\n`);
      else
        io.stdout.write(
          `Batch ${id} is cancelled. Calls in flight finish and count; the rest ends as cancelled. ` +
            `"npx switchyard wait ${id}" waits until every line has ended.\n`,
        );
      done(0);
    } finally {
      connection.close();
    }
  });
};
