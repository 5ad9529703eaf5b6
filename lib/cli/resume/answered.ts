import { createReadStream } from "node:fs";
import * as z from "zod";
import { splitLines } from "../../core/work/lines.ts";

/** Where a job's answer stands in an `output.jsonl`, and which request it answers. */
export type Answer = { request: string; startByte: number; endByte: number };

const Answered = z.object({
  custom_id: z.string().nullable(),
  switchyard: z.object({ request: z.string().optional() }),
});

/** The answers of an `output.jsonl` by `custom_id`. One that does not say which request it answers is left out. */
export async function readAnswers(path: string): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const decoder = new TextDecoder();
  const input: AsyncIterable<Uint8Array> = createReadStream(path);
  for await (const line of splitLines(input, { maxLineBytes: Number.MAX_SAFE_INTEGER, firstLine: 1, firstByte: 0 })) {
    if (line.kind !== "line" || line.bytes.length === 0) continue;
    const { custom_id: id, switchyard } = Answered.parse(JSON.parse(decoder.decode(line.bytes)));
    const { startByte, endByte } = line;
    if (id !== null && switchyard.request !== undefined)
      answers.set(id, { request: switchyard.request, startByte, endByte });
  }
  return answers;
}
