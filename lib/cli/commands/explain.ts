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
    .option(
      "--json",
      "print a JSON document a line: the route with its reason, or the error with what was decided before",
    )
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

const columns = ["Line", "Id", "Class", "Because", "Complexity", "Tier", "Why", "Chain", "Left out"];

function printRows(io: Io, rows: readonly Row[]): void {
  const reasons = new Reasons();
  printTable(
    io.stdout,
    columns.map((title) => ({ title })),
    rows.map(({ number, explained }) => {
      const { id, dataClass, dataClassReason, rejected } = explained;
      const { residency, complexity, tier, reason, chain } = "error" in explained ? refused(io, explained) : explained;
      return [
        String(number),
        clip(id ?? "–", 36),
        (dataClass ?? "–") + (residency === null ? "" : ` · ${residency}`),
        clip(dataClassReason ?? "–", 40),
        complexity,
        tier,
        clip(reason, 48),
        chain.join(" → "),
        rejected.map(({ deployment, reason: why }) => `${deployment} ${reasons.mark(deployment, why)}`).join(", "),
      ];
    }),
  );
  printReasons(io, rows, reasons);
}

/** What stands in a line's row that would not run: why not, under the table. */
function refused(io: Io, { error }: Extract<Explained, { error: unknown }>) {
  return { residency: null, complexity: "–", tier: "–", reason: io.stdout.style("red", error.code), chain: [] };
}

/** The different reasons of one table, each with a number by which rows name it, and how many lines do. */
class Reasons {
  readonly #lines = new Map<string, number>();
  readonly #marks = new Map<string, string>();

  mark(deployment: string, reason: string): string {
    const text = `${deployment}: ${reason}`;
    const mark = this.#marks.get(text) ?? `[${this.#marks.size + 1}]`;
    this.#marks.set(text, mark);
    addTo(this.#lines, text);
    return mark;
  }

  texts(): string[] {
    return [...this.#lines].map(([text, lines]) => `${this.#marks.get(text)} ${text} (${countOf(lines, "line")})`);
  }
}

/** Why deployments were left out and lines refused: each different reason once, with the number of lines. */
function printReasons(io: Io, rows: readonly Row[], reasons: Reasons): void {
  const errors = new Map<string, number>();
  for (const { explained } of rows)
    if ("error" in explained) addTo(errors, `${explained.error.code}: ${explained.error.message}`);
  const leftOut = reasons.texts();
  if (leftOut.length > 0) io.stdout.write("\nDeployments of the tier that were left out:\n");
  for (const text of leftOut) io.stdout.write(`  ${text}\n`);
  if (errors.size > 0) io.stdout.write("\nLines that would not run:\n");
  for (const [text, times] of errors) io.stdout.write(`  ${text} (${countOf(times, "line")})\n`);
}

function addTo(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
