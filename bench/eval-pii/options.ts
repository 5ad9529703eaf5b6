import { existsSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { defaultPhoneRegions } from "../../lib/core/detect/phone-regions.ts";
import { phoneRegionNames } from "../../lib/core/detect/structured/phone-regions.ts";

export type EvalOptions = {
  kind: "options";
  /** A file of labelled texts. */
  data: string;
  json: boolean;
  /** How many mistakes to show. */
  misses: number;
  regions: string[];
  minConfidence: number | undefined;
};

const usage = `Use: npm run eval:pii -- --data FILE [--json] [--misses N] [--regions US,GB] [--confidence 0.3]
FILE has JSON lines {id, text, spans: [{type, start, end}]}, or {text} for texts without labels.`;

/** Reads the command line; what is wrong with it comes with what is right. */
export function readEvalOptions(args: string[]): EvalOptions | { kind: "wrong"; message: string } {
  const wrong = (what: string) => ({ kind: "wrong" as const, message: `${what}\n${usage}` });
  try {
    const { values } = parseArgs({
      args,
      options: {
        data: { type: "string" },
        json: { type: "boolean", default: false },
        misses: { type: "string", default: "0" },
        regions: { type: "string", default: defaultPhoneRegions.join(",") },
        confidence: { type: "string" },
      },
    });
    const { data, json } = values;
    if (data === undefined) return wrong("--data is missing.");
    if (!existsSync(data)) return wrong(`There is no file ${data}.`);
    if (statSync(data).isDirectory()) return wrong(`${data} is a directory; give a file in it.`);
    const misses = Number(values.misses);
    if (!Number.isSafeInteger(misses) || misses < 0) return wrong(`--misses ${values.misses} is not a whole number.`);
    const minConfidence = values.confidence === undefined ? undefined : Number(values.confidence);
    if (minConfidence !== undefined && !(minConfidence > 0 && minConfidence <= 1))
      return wrong(`--confidence ${values.confidence} is not a number above 0 and at most 1.`);
    const regions = values.regions.split(",").map((region) => region.trim());
    const unknown = regions.find((region) => !phoneRegionNames.includes(region));
    if (unknown !== undefined) return wrong(`--regions: there is no country ${unknown} with phone numbers of its own.`);
    return { kind: "options", data, json, misses, regions, minConfidence };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
}
