import * as z from "zod";
import type { Finding } from "../../core/detect/finding.ts";
import type { CliCommand } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { wrongUse } from "../errors.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJsonLine, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { openInput, requestLines } from "../request-lines.ts";

const Options = z.object({
  in: z.string({ error: "is missing: a file of {id, text} lines, or - for standard input" }),
  config: z.string().optional(),
  json: z.boolean().default(false),
});
const Line = z.looseObject({ id: z.union([z.string(), z.number()]).nullish(), text: z.string() });

type Detected = { id: string | number | null; findings: Finding[]; dataClass: string };

/** Rows printed as one table. */
const rowsAtOnce = 1000;

/** `detect --in FILE`: the personal data in texts, and the class that it raises a job to. Calls nothing. */
export const detect: CliCommand = ({ program, io, done }) => {
  program
    .command("detect")
    .description("find personal data in texts, and show the data class that it raises them to; calls nothing")
    .requiredOption("--in <file>", "JSON lines {id, text}; - for standard input")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--json", "print {id, findings: [{type, start, end, confidence}], dataClass} a line")
    .addHelpText("after", "\nOffsets count UTF-16 units from 0; end is behind the last. Values are never printed.")
    .action(async (parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      const loaded = await readConfiguration(io, options.config);
      const { policy } = loaded.document;
      const { localDetectText } = await import("../../runtime/detection.ts");
      const { createFindSensitivity } = await import("../../core/sensitivity.ts");
      const detectText = await localDetectText(policy);
      if (detectText === undefined)
        throw wrongUse(`${loaded.shown} has nothing detected; add detect: { raiseTo: { email: … } }.`);
      const sensitivity = createFindSensitivity(policy, policy.regions[0] ?? "");
      let rows: Detected[] = [];
      let total = 0;
      for await (const line of requestLines(await openInput(options.in, io), policy.maxLineBytes)) {
        const { id, text } = readLine(line.kind === "text" ? line.text : undefined, options.in, line.number);
        const findings = detectText(text);
        const found = sensitivity({}, {}, { kind: "found", parts: [{ part: "text", findings }] });
        if (found.kind === "refused") throw new Error(found.error.message);
        const row = { id: id ?? null, findings, dataClass: found.dataClass.name };
        total += 1;
        if (options.json) printJsonLine(io, row);
        else rows.push(row);
        if (rows.length < rowsAtOnce) continue;
        printRows(io, rows);
        rows = [];
      }
      if (total === 0) throw wrongUse(`${options.in} holds no texts.`);
      if (rows.length > 0) printRows(io, rows);
      if (!options.json) io.stdout.write(`${countOf(total, "text")}, by ${loaded.shown}.\n`);
      done(0);
    });
};

function readLine(text: string | undefined, file: string, number: number): z.infer<typeof Line> {
  const wrong = wrongUse(`${file}:${number}  is not a JSON object with a text: {"id": "1", "text": "…"}.`);
  if (text === undefined) throw wrong;
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    throw wrong;
  }
}

function printRows(io: Io, rows: readonly Detected[]): void {
  printTable(
    io.stdout,
    ["Id", "Class", "Found"].map((title) => ({ title })),
    rows.map(({ id, dataClass, findings }) => [
      String(id ?? "–"),
      dataClass,
      findings.map(({ type, start, end }) => `${type} ${start}–${end}`).join(", ") || "–",
    ]),
  );
}
