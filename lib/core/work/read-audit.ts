import { dayOf } from "../day.ts";
import type { ObjectStore, ZoneObjects } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { AuditRecord } from "./audit-record.ts";
import { keys } from "./keys.ts";

/** Objects read at once. */
const readsAtOnce = 16;

/** Everything that was recorded of a chunk's jobs: ascending by line, of each the decision and then its hops in time. */
export async function auditOfChunk(id: string, chunk: Chunk, zones: ZoneObjects): Promise<AuditRecord[]> {
  const prefix = keys.auditOf(dayOf(chunk.plannedAtMs ?? 0), id);
  const read = await Promise.all(Object.values(zones).map((objects) => recordsUnder(prefix, objects)));
  return read.flat().toSorted((a, b) => a.line - b.line || rank(a) - rank(b) || compare(a.at, b.at));
}

/** What policy denied on a day, in one zone. */
export async function quarantinedOn(day: string, objects: ObjectStore): Promise<AuditRecord[]> {
  return recordsUnder(keys.quarantineOf(day), objects);
}

async function recordsUnder(prefix: string, objects: ObjectStore): Promise<AuditRecord[]> {
  const found: string[] = [];
  for await (const { key } of objects.list(prefix)) found.push(key);
  const records: AuditRecord[] = [];
  for (let at = 0; at < found.length; at += readsAtOnce) {
    const texts = await Promise.all(found.slice(at, at + readsAtOnce).map((key) => objects.get(key)));
    for (const text of texts) records.push(...parseAudit(text ?? ""));
  }
  return records;
}

/** The records of JSON lines. Throws on a line that is none. */
export function parseAudit(text: string): AuditRecord[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => AuditRecord.parse(JSON.parse(line)));
}

function rank({ kind }: AuditRecord): number {
  return kind === "decision" ? 0 : 1;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
