import { access, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ObjectStore } from "../../core/ports.ts";
import { fetchResults } from "../batches/fetch-results.ts";
import { wrongUse } from "../errors.ts";
import { hasKept, mergeKept } from "./merge-kept.ts";

const batchId = /^b-[0-9a-f]{24}$/;

/**
 * The `output.jsonl` that a batch is resumed from: of a directory with results, or of a batch, whose results are fetched
 * into their usual place. Throws CommandError with what to do when there is none.
 */
export async function earlierOutput(
  given: string,
  cwd: string,
  intake: (() => ObjectStore) | undefined,
): Promise<string> {
  const directory = resolve(cwd, given);
  const isDirectory = await stat(directory).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isDirectory) {
    const path = join(directory, "output.jsonl");
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
    throw wrongUse(
      `${given} has no output.jsonl. Name a directory with a batch's final results; those of one that still runs can be ` +
        "had after it is over, or after it was cancelled.",
    );
  }
  if (intake === undefined || !batchId.test(given))
    throw wrongUse(
      `--resume ${given} is no directory${intake === undefined ? "" : ", and no batch's id as submit prints it"}. ` +
        "Name the directory that holds the output.jsonl of the earlier run.",
    );
  const into = resultsDirectory(cwd, given);
  const fetched = await fetchResults(given, intake(), into);
  const merged = (await hasKept(into)) ? await mergeKept(fetched, into, into) : fetched;
  if (merged.output === undefined)
    throw wrongUse(`Batch ${given} failed as a whole and has no results: submit the file without --resume.`);
  return merged.output;
}

/** Where a batch's results are put unless its user says otherwise. */
export function resultsDirectory(cwd: string, batch: string): string {
  return resolve(cwd, "switchyard-results", batch);
}
