import * as z from "zod";
import type { BudgetRow } from "../budgets/budget-rows.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { share, time, usd } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** How many of the newest batches are looked at for budgets of their own. */
const batchesRead = 50;

/** `budgets`: what is left of each budget. */
export const budgets: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("budgets")
    .description("show what is spent, reserved and left of each budget of the stack, and of batches that run")
    .option("--json", "print {budgets: [...]} as JSON");
  addConnectionOptions(command).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const { readDocument, readPolicyState } = await import("../policies/open-policies.ts");
    const { budgetRows } = await import("../budgets/budget-rows.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const policies = connection.policies();
      const { policy } = await readDocument(policies, (await readPolicyState(policies)).version);
      const batches = await connection.batches().list(batchesRead);
      const rows = await budgetRows(
        policy,
        batches.filter(({ state }) => state === "running"),
        {
          region: connection.target.region ?? policy.regions[0] ?? "",
          nowMs: io.clock(),
          ledgers: connection.ledgers(),
        },
      );
      if (options.json) printJson(io, { budgets: rows });
      else printBudgets(io, rows);
      done(0);
    } finally {
      connection.close();
    }
  });
};

function printBudgets(io: Io, rows: readonly BudgetRow[]): void {
  if (rows.length === 0) {
    io.stdout.write("There is no budget: neither in the configuration nor of a batch that runs.\n");
    return;
  }
  printTable(
    io.stdout,
    [
      ...["Budget", "Of", "Period"].map((title) => ({ title })),
      ...["Limit", "Spent", "Uncertain", "Reserved", "Left", "Used"].map((title) => ({
        title,
        align: "right" as const,
      })),
      ...["Then", "Resets (UTC)"].map((title) => ({ title })),
    ],
    rows.map((row) => [
      row.budget,
      [row.deployment, row.tenant].filter((part) => part !== null).join(", ") || "all",
      row.period,
      usd(row.limitUsd),
      usd(row.spentUsd),
      usd(row.uncertainUsd),
      usd(row.reservedUsd),
      usd(row.leftUsd),
      used(io, row),
      row.over,
      row.resetsAt === null ? "–" : time(Date.parse(row.resetsAt)),
    ]),
  );
}

function used(io: Io, { limitUsd, spentUsd, uncertainUsd }: BudgetRow): string {
  const settledUsd = spentUsd + uncertainUsd;
  const text = share(settledUsd, limitUsd);
  return settledUsd < 0.8 * limitUsd ? text : io.stdout.style("yellow", text);
}
