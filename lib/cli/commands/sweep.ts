import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed, wrongUse } from "../errors.ts";
import { count } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  now: z.boolean().default(false),
  json: z.boolean().default(false),
});

const whole = z.int().nonnegative();
/** As the function returns it. */
const Swept = z.object({
  repairs: whole,
  requeued: whole,
  collects: whole,
  uploads: whole,
  stuckBatches: whole,
  recounted: whole,
  wrong: whole,
  uncertain: whole,
});

/** `sweep --now`: looks at once for what should have moved and has not. */
export const sweep: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("sweep")
    .description("look for what should have moved and has not; runs every minute by itself")
    .option("--now", "run it now, and wait for what it found")
    .option(
      "--json",
      "print {repairs, requeued, collects, uploads, stuckBatches, recounted, wrong, uncertain} as JSON",
    );
  addConnectionOptions(command).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    if (!options.now) throw wrongUse("Sweep runs every minute by itself; sweep --now runs it at once.");
    const { connect } = await import("../connection/connect.ts");
    const { invokeFunction } = await import("../connection/invoke-function.ts");
    const connection = await connect(io, options, ["sweepFunction"]);
    try {
      const { target } = connection;
      const swept = Swept.safeParse(await invokeFunction(target, target.name("sweepFunction")));
      if (!swept.success)
        throw workFailed("The function sweep ran, and is of another version of Switchyard than this checkout.");
      if (options.json) printJson(io, swept.data);
      else printSwept(io, swept.data);
      done(0);
    } finally {
      connection.close();
    }
  });
};

const meaning: Readonly<Record<keyof z.infer<typeof Swept>, string>> = {
  repairs: "messages of shards made again",
  requeued: "messages of chunks made again",
  collects: "batches asked to be collected again",
  uploads: "uploads announced again",
  recounted: "batches whose counts did not add up, added up again from their chunks",
  wrong: "batches whose counts do not add up, and nor do their chunks'",
  uncertain: "reservations of lost workers settled at what they had reserved",
  stuckBatches: "batches past their deadline by more than half an hour",
};

function printSwept(io: Io, swept: z.infer<typeof Swept>): void {
  const found = Object.entries(swept).filter(([, number]) => number > 0);
  if (found.length === 0) {
    io.stdout.write("Everything moves: sweep found nothing to do.\n");
    return;
  }
  printTable(
    io.stdout,
    [{ title: "Found", align: "right" }, { title: "What" }],
    Object.entries(meaning).flatMap(([name, text]) => {
      const number = found.find(([each]) => each === name)?.[1];
      return number === undefined ? [] : [[count(number), text]];
    }),
  );
}
