import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Batch } from "../../core/protocol/batch.ts";
import type { ReadDeps } from "../../core/work/read-chunk.ts";
import { readPartial } from "../../core/work/read-partial.ts";
import { resultLine } from "../../core/work/result-line.ts";
import { createLineWriter } from "../line-writer.ts";

/** The results so far of a batch that is not over. The files have names of their own: nobody takes them for the final ones. */
export type PartialResults = {
  partial: true;
  batch: string;
  readAt: string;
  output: string;
  errors: string;
  status: string;
  /** Of the batch; unknown until the whole upload has been read. */
  lines: number | null;
  /** How many of them stand in the two files. */
  ended: { output: number; errors: number };
};

/** Writes what has ended into a directory, in input order, replacing what an earlier call left there. */
export async function fetchPartial(
  batch: Batch,
  deps: ReadDeps & { clock: () => number },
  directory: string,
): Promise<PartialResults> {
  await mkdir(directory, { recursive: true });
  const paths = { output: join(directory, "partial-output.jsonl"), errors: join(directory, "partial-errors.jsonl") };
  const status = join(directory, "partial-status.json");
  const readAt = new Date(deps.clock()).toISOString();
  const files = { output: await createLineWriter(paths.output), errors: await createLineWriter(paths.errors) };
  try {
    for await (const job of readPartial(batch, deps)) {
      const { file, line } = resultLine(job);
      await files[file].write(JSON.stringify(line));
    }
  } finally {
    await files.output.close();
    await files.errors.close();
  }
  const results: PartialResults = {
    partial: true,
    batch: batch.id,
    readAt,
    ...paths,
    status,
    lines: batch.lines ?? null,
    ended: { output: files.output.lines, errors: files.errors.lines },
  };
  await writeFile(status, `${JSON.stringify(results, undefined, 2)}\n`);
  return results;
}
