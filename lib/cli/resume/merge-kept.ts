import { createReadStream } from "node:fs";
import { access, copyFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import type { FetchedResults } from "../batches/fetch-results.ts";
import { createLineWriter } from "../line-writer.ts";
import { Manifest } from "../manifest.ts";
import { partedFiles } from "./part-batch.ts";

/** Whether a directory holds what was kept for a batch that was resumed. */
export async function hasKept(directory: string): Promise<boolean> {
  return access(join(directory, partedFiles.output)).then(
    () => true,
    () => false,
  );
}

/** Puts what was kept where the results of the batch that runs the rest will be looked for. */
export async function copyKept(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of [partedFiles.output, partedFiles.errors]) await copyFile(join(from, name), join(to, name));
}

/**
 * Puts the lines that were kept among those that a resumed batch ran, in input order, and says in the manifest how many
 * they are. `fetched` stands in `directory`.
 */
export async function mergeKept(
  fetched: FetchedResults,
  keptDirectory: string,
  directory: string,
): Promise<FetchedResults> {
  const output = join(directory, "output.jsonl");
  const errors = join(directory, "errors.jsonl");
  const answers = await merge(fetched.output, join(keptDirectory, partedFiles.output), output);
  const duplicates = await merge(fetched.errors, join(keptDirectory, partedFiles.errors), errors);
  const written: unknown = JSON.parse(await readFile(fetched.manifestPath, "utf8"));
  // The lines that were not sent went as blank ones.
  const blankLines = fetched.manifest.blankLines - answers - duplicates;
  const manifest = Manifest.parse({ ...z.looseObject({}).parse(written), blankLines, kept: { answers, duplicates } });
  await writeFile(fetched.manifestPath, `${JSON.stringify(manifest, undefined, 2)}\n`);
  return { ...fetched, output, errors, manifest };
}

/** Two files in the order of their lines as one; gives how many the second added. */
async function merge(ran: string | undefined, kept: string, into: string): Promise<number> {
  const unfinished = `${into}.unfinished`;
  const merged = await createLineWriter(unfinished);
  let added = 0;
  try {
    const others = linesOf(ran);
    let other = await others.next();
    for await (const line of linesOf(kept)) {
      for (; other.done !== true && other.value.number < line.number; other = await others.next())
        await merged.write(other.value.text);
      await merged.write(line.text);
      added += 1;
    }
    for (; other.done !== true; other = await others.next()) await merged.write(other.value.text);
  } finally {
    await merged.close();
  }
  await rename(unfinished, into);
  return added;
}

type ResultLine = { number: number; text: string };

const Numbered = z.object({ switchyard: z.object({ line: z.int() }) });

/** Nothing where there is no file. */
async function* linesOf(path: string | undefined): AsyncGenerator<ResultLine, undefined> {
  if (path === undefined) return undefined;
  for await (const text of createInterface({ input: createReadStream(path) }))
    if (text !== "") yield { number: Numbered.parse(JSON.parse(text)).switchyard.line, text };
  return undefined;
}
