import { readFileSync } from "node:fs";
import Table from "cli-table3";
import { createDetector } from "../lib/core/detect/create-detector.ts";
import { type EvalOptions, readEvalOptions } from "./eval-pii/options.ts";
import { readRows } from "./eval-pii/rows.ts";
import { countUnscored, type Mistake, type Score, type Scored, scoreTexts, scoreTypes } from "./eval-pii/score.ts";

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(2)} %`;
}

function scoreTable(rows: ReadonlyArray<readonly [what: string, score: Score]>): string {
  const table = new Table({
    head: ["", "labelled", "found", "reported", "right", "recall", "precision", "F2"],
    style: { head: [], border: [] },
  });
  for (const [what, { wanted, found, reported, right, recall, precision, f2 }] of rows)
    table.push([what, wanted, found, reported, right, percent(recall), percent(precision), percent(f2)]);
  return table.toString();
}

/** Shows a mistake with the text around it. For data sets: the text is printed. */
function describe({ kind, type, line, start, end }: Mistake, scored: readonly Scored[]): string {
  const text = scored.find(({ row }) => row.line === line)?.row.text ?? "";
  const around = `${text.slice(Math.max(0, start - 40), start)}[${text.slice(start, end)}]${text.slice(end, end + 40)}`;
  return `${kind} ${type} line ${line}: ${around.replaceAll("\n", "\\n")}`;
}

function evaluate(scored: readonly Scored[]) {
  const { types, mistakes } = scoreTypes(scored);
  const flagged = scored.filter(({ findings }) => findings.length > 0).length;
  return {
    mistakes,
    report: {
      texts: scored.length,
      labelled: scored.some(({ row }) => row.spans !== undefined),
      flagged,
      flaggedShare: scored.length === 0 ? null : flagged / scored.length,
      perText: { structured: scoreTexts(scored, "structured"), any: scoreTexts(scored, "any") },
      perType: Object.fromEntries(types),
      notScored: Object.fromEntries(countUnscored(scored.map(({ row }) => row))),
    },
  };
}

function main({ data, json, misses, regions, minConfidence }: EvalOptions): void {
  const detect = createDetector({
    phoneRegions: regions,
    ...(minConfidence === undefined ? {} : { minConfidence }),
  });
  const scored = readRows(readFileSync(data, "utf8")).map((row) => ({ row, findings: detect(row.text) }));
  const { report, mistakes } = evaluate(scored);
  if (json) {
    console.log(JSON.stringify(report, undefined, 2));
    return;
  }
  console.log(`${report.texts} texts, flagged: ${report.flagged} (${percent(report.flaggedShare)})`);
  if (report.labelled) {
    console.log(`per text\n${scoreTable(Object.entries(report.perText))}`);
    console.log(`per type, by overlap\n${scoreTable(Object.entries(report.perType))}`);
    const unscored = Object.entries(report.notScored).map(([label, count]) => `${label} ${count}`);
    console.log(`labels that are not scored: ${unscored.join(", ") || "none"}`);
  }
  for (const mistake of mistakes.slice(0, misses)) console.log(describe(mistake, scored));
}

const options = readEvalOptions(process.argv.slice(2));
try {
  if (options.kind === "wrong") throw new Error(options.message);
  main(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
