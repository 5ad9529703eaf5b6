import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { addDecideOptions, DecideOptions, decideLines } from "../decide-lines.ts";
import { wrongUse } from "../errors.ts";
import { type Explained, explainLine } from "../explain-line.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJsonLine, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...DecideOptions.shape, json: z.boolean().default(false) });

/** Rows printed as one table; its columns are as wide as these need. */
const rowsAtOnce = 1000;

/** `explain FILE|-`: where each line would go and why, without calling anything. */
export const explain: CliCommand = ({ program, io, done }) => {
  const command = program.command("explain").description("show where each line would go, and why; calls nothing");
  addDecideOptions(command)
    .option("--json", "print a JSON document a line: the route with its reason, or {id, error}")
    .addHelpText("after", "\nExit code 0 also when lines have errors: they are what was asked for.")
    .action(async (given: string, parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      const { loaded, lines } = await decideLines(given, options, io);
      let total = 0;
      let held: Row[] = [];
      for await (const line of lines) {
        const row = { number: line.number, explained: explainLine(line) };
        total += 1;
        if (options.json) printJsonLine(io, row.explained);
        else held.push(row);
        if (held.length < rowsAtOnce) continue;
        printRows(io, held);
        held = [];
      }
      if (total === 0) throw wrongUse(`${given === "-" ? "Standard input" : given} holds no requests.`);
      if (held.length > 0) printRows(io, held);
      if (!options.json) io.stdout.write(`${countOf(total, "line")}, decided by ${loaded.shown}.\n`);
      done(0);
    });
};

type Row = { number: number; explained: Explained };

function printRows(io: Io, rows: readonly Row[]): void {
  printTable(
    io.stdout,
    ["Line", "Id", "Class", "Because", "Complexity", "Tier", "Why", "Chain"].map((title) => ({ title })),
    rows.map(({ number, explained }) =>
      "error" in explained
        ? [
            String(number),
            clip(explained.id ?? "–", 36),
            "–",
            "–",
            "–",
            "–",
            io.stdout.style("red", explained.error.code),
            "",
          ]
        : [
            String(number),
            clip(explained.id, 36),
            explained.dataClass + (explained.residency === null ? "" : ` · ${explained.residency}`),
            clip(explained.dataClassReason ?? "–", 40),
            explained.complexity,
            explained.tier,
            clip(explained.reason, 48),
            explained.chain.join(" → "),
          ],
    ),
  );
  printReasons(io, rows);
}

/** Why deployments were left out and lines refused: each different reason once, with the number of lines. */
function printReasons(io: Io, rows: readonly Row[]): void {
  const rejected = new Map<string, number>();
  const refused = new Map<string, number>();
  for (const { explained } of rows) {
    if ("error" in explained) addTo(refused, `${explained.error.code}: ${explained.error.message}`);
    else for (const { deployment, reason } of explained.rejected) addTo(rejected, `${deployment}: ${reason}`);
  }
  if (rejected.size > 0) io.stdout.write("\nDeployments of the tier that were left out:\n");
  for (const [text, times] of rejected) io.stdout.write(`  ${text} (${countOf(times, "line")})\n`);
  if (refused.size > 0) io.stdout.write("\nLines that would not run:\n");
  for (const [text, times] of refused) io.stdout.write(`  ${text} (${countOf(times, "line")})\n`);
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
