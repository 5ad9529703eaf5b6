import * as z from "zod";
import { type BatchStatus, readBatchStatus, readStatusOf, standingOf } from "../batches/batch-status.ts";
import { unknownBatch } from "../batches/unknown-batch.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed } from "../errors.ts";
import { count, countOf, duration, time, usd } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** How many of the newest batches are listed. */
const listed = 20;

/** `status [BATCH]`: how far a batch is, or the newest batches. */
export const status: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("status")
    .description(
      "show how far a batch is, where its lines are and what it cost so far; without a batch, the newest batches",
    )
    .argument("[batch]", "a batch's id, as submit prints it")
    .option("--json", "print the batch, or {batches: [...]}, as JSON");
  addConnectionOptions(command).action(async (id: string | undefined, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["table"]);
    try {
      const stores = { batches: connection.batches(), chunks: connection.chunks(), clock: io.clock };
      if (id === undefined) {
        const newest = await stores.batches.list(listed);
        const batches = await Promise.all(newest.map((batch) => readStatusOf(batch, stores)));
        if (options.json) printJson(io, { batches });
        else if (batches.length === 0) io.stdout.write('No batch yet. "npx switchyard submit FILE" sends one.\n');
        else printList(io, batches);
        return done(0);
      }
      const found = await readBatchStatus(id, stores);
      if (found === undefined) throw workFailed(unknownBatch(id));
      if (options.json) printJson(io, found);
      else {
        printBatches(io, [found]);
        printDetails(io, found);
      }
      done(0);
    } finally {
      connection.close();
    }
  });
};

/** Where every line is, how fast they end, and how long the rest takes at this rate. */
function printDetails(io: Io, status: BatchStatus): void {
  const { unplanned, waiting, running, counts, jobsPerSecond, secondsLeft, failure, maxCostUsd } = status;
  if (failure !== undefined) {
    io.stdout.write(`The batch failed: ${failure}\n`);
    return;
  }
  const places = { unplanned, waiting, running, ...counts };
  const named = Object.entries(places).flatMap(([name, lines]) =>
    lines === undefined ? [] : [`${count(lines)} ${name}`],
  );
  io.stdout.write(`Lines: ${named.join(", ")}.\n`);
  for (const [budget, lines] of Object.entries(status.waitingForBudgets ?? {}))
    io.stdout.write(
      `Waiting for the budget ${budget}: ${countOf(lines, "line")}; "npx switchyard budgets" shows it.\n`,
    );
  if (maxCostUsd !== undefined) io.stdout.write(`It may cost ${usd(maxCostUsd)}.\n`);
  const left = secondsLeft === undefined ? "" : `; about ${duration(secondsLeft * 1000)} left at this rate`;
  io.stdout.write(`${jobsPerSecond.toFixed(1)} jobs a second since it was accepted${left}.\n`);
}

/** Batches that failed as a whole have no results to look into: why is said here. */
function printList(io: Io, batches: readonly BatchStatus[]): void {
  printBatches(io, batches);
  for (const { batch, failure } of batches) if (failure !== undefined) io.stdout.write(`${batch} failed: ${failure}\n`);
}

function printBatches(io: Io, batches: readonly BatchStatus[]): void {
  const columns = [
    { title: "Batch" },
    { title: "File" },
    { title: "Accepted (UTC)" },
    { title: "State" },
    ...["Lines", "Done", "Succeeded", "Failed", "Cancelled", "Cost"].map((title) => ({
      title,
      align: "right" as const,
    })),
  ];
  printTable(
    io.stdout,
    columns,
    batches.map((status) => {
      const { batch, key, acceptedAt, lines, counts, costUsd } = status;
      const { state, done } = standingOf(status);
      return [
        batch,
        key.split("/").at(-1) ?? key,
        time(Date.parse(acceptedAt)),
        state,
        lines === undefined ? "–" : count(lines),
        done,
        count(counts.succeeded),
        count(counts.failed),
        count(counts.cancelled),
        usd(costUsd),
      ];
    }),
  );
}
