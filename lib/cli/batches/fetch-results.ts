import { createWriteStream } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { ObjectStore } from "../../core/ports.ts";
import { keys } from "../../core/work/keys.ts";
import { workFailed } from "../errors.ts";
import { Manifest } from "../manifest.ts";

/** A batch's results on this machine; a batch that failed as a whole has only a manifest. */
export type FetchedResults = { output?: string; errors?: string; manifestPath: string; manifest: Manifest };

/** Copies the results of a batch that has ended into a directory, replacing what earlier copies are there. */
export async function fetchResults(batch: string, intake: ObjectStore, directory: string): Promise<FetchedResults> {
  await mkdir(directory, { recursive: true });
  const manifestPath = await copy(keys.result(batch, "manifest.json"), intake, join(directory, "manifest.json"));
  if (manifestPath === undefined)
    throw workFailed(
      `Batch ${batch} has no results. "npx switchyard status ${batch}" says whether it is known and how far it is.`,
    );
  const manifest = Manifest.parse(JSON.parse(await readFile(manifestPath, "utf8")));
  const output = await copy(keys.result(batch, "output.jsonl"), intake, join(directory, "output.jsonl"));
  const errors = await copy(keys.result(batch, "errors.jsonl"), intake, join(directory, "errors.jsonl"));
  return {
    ...(output === undefined ? {} : { output }),
    ...(errors === undefined ? {} : { errors }),
    manifestPath,
    manifest,
  };
}

async function copy(key: string, from: ObjectStore, path: string): Promise<string | undefined> {
  const found = await from.bytes(key);
  if (found.kind !== "found") {
    // What an earlier batch left there is not of this one.
    await rm(path, { force: true });
    return undefined;
  }
  await pipeline(found.body, createWriteStream(path));
  return path;
}
