import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { Io } from "../io.ts";

/** How many lines are told of: enough to see what is wrong, the file has all. */
const most = 3;

const ErrorLine = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
  switchyard: z.object({ line: z.int() }),
});

/** The first lines of an `errors.jsonl`, each with its line in the batch and what was wrong. */
export async function printFirstErrors(io: Io, errorsFile: string): Promise<void> {
  const stream = createReadStream(errorsFile);
  let told = 0;
  for await (const text of createInterface({ input: stream })) {
    const { error, switchyard } = ErrorLine.parse(JSON.parse(text));
    io.stdout.write(`  line ${switchyard.line}  ${error.code}: ${error.message}\n`);
    told += 1;
    if (told === most) break;
  }
  stream.destroy();
}
