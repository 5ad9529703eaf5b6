import { open, stat } from "node:fs/promises";
import { basename, extname, resolve } from "node:path";
import { hasCode, messageOf, wrongUse } from "../errors.ts";

/** A file with a batch's lines on this machine. */
export type BatchFile = { path: string /** As the user wrote it. */; given: string; name: string; bytes: number };

/** Finds files and checks that they can be read; throws CommandError for the first that cannot. */
export async function findBatchFiles(given: readonly string[], cwd: string): Promise<BatchFile[]> {
  const files: BatchFile[] = [];
  for (const each of given) files.push(await findBatchFile(each, cwd));
  return files;
}

export async function findBatchFile(given: string, cwd: string): Promise<BatchFile> {
  const path = resolve(cwd, given);
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw wrongUse(`${given} is a directory; name a JSONL file in it.`);
    const handle = await open(path, "r");
    await handle.close();
    return { path, given, name: basename(path), bytes: found.size };
  } catch (error) {
    if (hasCode(error, "ENOENT")) throw wrongUse(`There is no file ${given} (looked at ${path}).`);
    if (hasCode(error, "EACCES")) throw wrongUse(`${given} may not be read by this user.`);
    throw error instanceof Error && "exitCode" in error
      ? error
      : wrongUse(`${given} cannot be read: ${messageOf(error)}`);
  }
}

/** The file's name without `.jsonl`, by which its results are kept; `-2`, `-3` … for others of the same name. */
export function resultNames(files: readonly Pick<BatchFile, "name">[]): string[] {
  const used = new Set<string>();
  return files.map(({ name }) => {
    const stem = basename(name, extname(name)) || name;
    let candidate = stem;
    for (let number = 2; used.has(candidate); number++) candidate = `${stem}-${number}`;
    used.add(candidate);
    return candidate;
  });
}
