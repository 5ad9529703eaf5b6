import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { parseLine } from "../../core/request.ts";
import { requestHash } from "../../core/request-hash.ts";
import { splitLines } from "../../core/work/lines.ts";
import { sha256 } from "../../runtime/ids.ts";
import { createLineWriter } from "../line-writer.ts";
import { type Answer, readAnswers } from "./answered.ts";

/** The files that parting a batch leaves in a directory. */
export const partedFiles = { rest: "rest.jsonl", output: "kept-output.jsonl", errors: "kept-errors.jsonl" } as const;

export type Parted = {
  /** What is to be run: the batch with the other lines blank, so that line numbers stay what they are. */
  rest: string;
  /** How many lines are to be run, how many have an answer, and how many have the `custom_id` of one of those. */
  run: number;
  kept: number;
  duplicates: number;
};

const Keys = z.record(z.string(), z.unknown());

/**
 * Parts a batch into lines that an earlier `output.jsonl` has an answer to, by `custom_id` and request, and the rest. A
 * line that changed is in the rest; so is everything that failed.
 */
export async function partBatch(batch: string, earlierOutput: string, directory: string): Promise<Parted> {
  await mkdir(directory, { recursive: true });
  const answers = await readAnswers(earlierOutput);
  const earlier = await open(earlierOutput, "r");
  const path = (file: keyof typeof partedFiles) => join(directory, partedFiles[file]);
  const rest = await createLineWriter(path("rest"));
  const output = await createLineWriter(path("output"));
  const errors = await createLineWriter(path("errors"));
  /** Whether the first line with an id is kept. */
  const seen = new Map<string, boolean>();
  let run = 0;
  try {
    const input: AsyncIterable<Uint8Array> = createReadStream(batch);
    for await (const line of splitLines(input, { maxLineBytes: Number.MAX_SAFE_INTEGER, firstLine: 1, firstByte: 0 })) {
      if (line.kind !== "line") continue;
      const text = Buffer.from(line.bytes).toString();
      const parsed = parseLine(text, line.number);
      const id = parsed.kind === "job" ? parsed.job.id : parsed.id;
      const first = id === undefined ? undefined : seen.get(id);
      const answer = first === undefined && parsed.kind === "job" ? answers.get(parsed.job.id) : undefined;
      const isKept = parsed.kind === "job" && answer?.request === requestHash(parsed.job, sha256);
      if (id !== undefined && first === undefined) seen.set(id, isKept);
      if (isKept && answer !== undefined) {
        const result = Keys.parse(JSON.parse(await readAnswer(earlier, answer)));
        // Which line it was a copy of says nothing in this file.
        const { duplicateOf: _, ...earlierKeys } = Keys.parse(result.switchyard);
        const switchyard = { ...earlierKeys, line: line.number };
        await output.write(JSON.stringify({ ...result, switchyard }));
        await rest.write("");
      } else if (id !== undefined && first === true) {
        await errors.write(JSON.stringify(duplicate(id, line.number)));
        await rest.write("");
      } else {
        await rest.write(text);
        if (text.trim() !== "") run += 1;
      }
    }
  } finally {
    await Promise.all([rest.close(), output.close(), errors.close(), earlier.close()]);
  }
  return { rest: path("rest"), run, kept: output.lines, duplicates: errors.lines };
}

async function readAnswer(file: FileHandle, { startByte, endByte }: Answer): Promise<string> {
  const bytes = Buffer.alloc(endByte - startByte + 1);
  await file.read(bytes, 0, bytes.length, startByte);
  return bytes.toString();
}

/** The first line with this id is not sent again, so that the batch would not know of it. */
function duplicate(id: string, line: number): object {
  const message = "An earlier line of this batch has the same custom_id; that one runs.";
  return {
    id: null,
    custom_id: id,
    response: null,
    error: { code: "duplicate-id", message },
    switchyard: { line, attempts: [], costUsd: 0 },
  };
}
