import * as z from "zod";
import type { UseCounter } from "../../core/ports.ts";
import type { Batch } from "../../core/protocol/batch.ts";
import { totalCost } from "../../core/protocol/counts.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { count, time, usd, usdOfNano } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { daysSince, parseSince } from "../since.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  since: z.string().default("7d"),
  json: z.boolean().default(false),
});

/** Items live 60 days after their last change; older days have nothing to say. */
const kept = { days: 60, what: "costs" };
/** The newest batches that are looked through. */
const batchesRead = 1000;

type DayUse = { day: string; deployment: string; jobs: number; attempts: number; failures: number; costUsd: number };
type BatchCost = { batch: string; key: string; acceptedAt: string; state: Batch["state"]; costUsd: number };

/** `costs [--since]`: what the deployments cost by day, and each batch exactly. */
export const costs: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("costs")
    .description("show what the providers charged: by deployment and day (UTC), and exactly for each batch")
    .option("--since <when>", "a date such as 2026-11-01, or a time back such as 7d", "7d")
    .option("--json", "print {since, days: [...], batches: [...], costUsd} as JSON");
  addConnectionOptions(command).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const nowMs = io.clock();
    const sinceMs = parseSince(options.since, nowMs, kept);
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["table"]);
    try {
      const days = await readDays(connection.use(), sinceMs, nowMs);
      const all = await connection.batches().list(batchesRead);
      const batches = all.filter(({ acceptedAtMs }) => acceptedAtMs >= sinceMs).map(batchCost);
      const costUsd = days.reduce((sum, use) => sum + use.costUsd, 0);
      const since = new Date(sinceMs).toISOString();
      if (options.json) printJson(io, { since, days, batches, costUsd });
      else printCosts(io, since, days, batches, costUsd);
      done(0);
    } finally {
      connection.close();
    }
  });
};

async function readDays(counter: UseCounter, sinceMs: number, nowMs: number): Promise<DayUse[]> {
  const days = daysSince(sinceMs, nowMs);
  const read = await Promise.all(days.map(async (day) => ({ day, use: await counter.read(day) })));
  return read.flatMap(({ day, use }) =>
    [...use]
      .toSorted(([, a], [, b]) => b.costNanoUsd - a.costNanoUsd)
      .map(([deployment, { costNanoUsd, ...counted }]) => ({
        day,
        deployment,
        ...counted,
        costUsd: usdOfNano(costNanoUsd),
      })),
  );
}

function batchCost({ id, key, acceptedAtMs, state, costNanoUsd }: Batch): BatchCost {
  const acceptedAt = new Date(acceptedAtMs).toISOString();
  return { batch: id, key, acceptedAt, state, costUsd: usdOfNano(totalCost(costNanoUsd)) };
}

function printCosts(io: Io, since: string, days: DayUse[], batches: BatchCost[], costUsd: number): void {
  const right = (title: string) => ({ title, align: "right" as const });
  if (days.length === 0) {
    io.stdout.write(`Nothing was charged since ${time(Date.parse(since))} UTC.\n`);
    return;
  }
  printTable(
    io.stdout,
    [
      { title: "Day (UTC)" },
      { title: "Deployment" },
      right("Jobs"),
      right("Attempts"),
      right("Failed attempts"),
      right("Cost"),
    ],
    [
      ...days.map((use) => [
        use.day,
        use.deployment,
        count(use.jobs),
        count(use.attempts),
        count(use.failures),
        usd(use.costUsd),
      ]),
      ["Total", "", "", "", "", usd(costUsd)].map((cell) => (cell === "" ? "" : io.stdout.style("bold", cell))),
    ],
  );
  if (batches.length === 0) return;
  printTable(
    io.stdout,
    [{ title: "Batch" }, { title: "File" }, { title: "Accepted (UTC)" }, { title: "State" }, right("Cost")],
    batches.map(({ batch, key, acceptedAt, state, costUsd: cost }) => [
      batch,
      key.split("/").at(-1) ?? key,
      time(Date.parse(acceptedAt)),
      state,
      usd(cost),
    ]),
  );
}
