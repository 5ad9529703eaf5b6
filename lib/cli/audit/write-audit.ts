import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Connection } from "../connection/connect.ts";
import { auditFileName, auditOfBatch } from "./audit-sources.ts";

/** Writes what was recorded of a batch into a directory of its results, for `audit DIRECTORY`; gives the file's path. */
export async function writeAudit(id: string, connection: Connection, directory: string): Promise<string> {
  const records = (await auditOfBatch(id, connection))?.records;
  const lines = async function* () {
    for await (const record of records ?? []) yield `${JSON.stringify(record)}\n`;
  };
  const path = join(directory, auditFileName);
  await pipeline(lines, createWriteStream(path));
  return path;
}
