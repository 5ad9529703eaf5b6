import { createReadStream, existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chunkId, jobKey } from "../../core/batch-id.ts";
import type { AuditRecord } from "../../core/work/audit-record.ts";
import { auditOfChunk, parseAudit } from "../../core/work/read-audit.ts";
import { sha256 } from "../../runtime/ids.ts";
import type { Connection } from "../connection/connect.ts";
import { workFailed, wrongUse } from "../errors.ts";

/** The file in a directory of results that has what was recorded of the batch. */
export const auditFileName = "audit.jsonl";

/** A file of audit records, or the one in a directory of results; undefined when there is no such path. Throws CommandError for a directory without one. */
export function auditFile(given: string, cwd: string): string | undefined {
  const path = resolve(cwd, given);
  if (!existsSync(path)) return undefined;
  if (!statSync(path).isDirectory()) return path;
  const inside = join(path, auditFileName);
  if (existsSync(inside)) return inside;
  throw wrongUse(
    `${given} has no ${auditFileName}; "npx switchyard run" writes one. For a batch of the stack give its id.`,
  );
}

export async function* auditOfFile(path: string): AsyncGenerator<AuditRecord> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY }))
    yield* parseAudit(line);
}

/** What was recorded of a batch's jobs, chunk by chunk, and why it failed as a whole, if it did. */
type BatchAudit = { records: AsyncGenerator<AuditRecord>; failure: string | undefined };

/** Undefined when there is no such batch. */
export async function auditOfBatch(id: string, connection: Connection): Promise<BatchAudit | undefined> {
  const batch = await connection.batches().read(id);
  if (batch === undefined) return undefined;
  const zones = connection.zones();
  const read = async function* () {
    for (let number = 0; number < (batch.chunks ?? 0); number++) {
      const chunk = await connection.chunks().read(chunkId(id, number));
      if (chunk !== undefined) yield* await auditOfChunk(chunkId(id, number), chunk, zones);
    }
  };
  return { records: read(), failure: batch.failure };
}

/** What was recorded of a job that was queued singly; undefined when there is no such job. */
export async function auditOfJob(
  id: string,
  tenant: string | undefined,
  connection: Connection,
): Promise<AuditRecord[] | undefined> {
  const pointer = await connection.jobs().read(jobKey(tenant, id, sha256));
  if (pointer === undefined) return undefined;
  const chunk = await connection.chunks().read(pointer.chunk);
  if (chunk === undefined)
    throw workFailed(`Job ${id} is older than what the table keeps; ask Athena for its records.`);
  const records = await auditOfChunk(pointer.chunk, chunk, connection.zones());
  return records.filter(({ line }) => line === pointer.line);
}
