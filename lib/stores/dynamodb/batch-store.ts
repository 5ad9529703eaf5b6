import { QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { BatchStore } from "../../core/ports.ts";
import { Batch, type BatchEvent, batchUpdateFor } from "../../core/protocol/batch.ts";
import { getMany } from "./get-many.ts";
import { bare, readItem, updateItem } from "./item.ts";
import { expiresAt, type Key, keptDays, type Table } from "./table.ts";

/** Days that are asked for at once when batches are listed. */
const daysAtOnce = 10;

const Listed = z.object({ id: z.string() });

/** Batch items, and for each a listing item under the day it was accepted, so that listing needs neither scan nor index. */
export function createBatchStore(table: Table): BatchStore {
  const read = async (id: string): Promise<Batch | undefined> => {
    const item = await readItem(table, keyOf(id));
    return item === undefined ? undefined : Batch.parse(item);
  };

  const apply = async (id: string, event: BatchEvent): Promise<{ applied: boolean; batch: Batch | undefined }> => {
    const after = await updateItem(table, keyOf(id), batchUpdateFor(event));
    const batch = after === undefined ? await read(id) : Batch.parse(after);
    // After the batch, and again with every repetition: a maker lost in between leaves nothing unlisted.
    if (event.type === "create" && batch !== undefined) await enlist(table, batch);
    return { applied: after !== undefined, batch };
  };

  const list = async (limit: number): Promise<Batch[]> => {
    const ids: string[] = [];
    const todayMs = table.clock();
    for (let back = 0; back < keptDays && ids.length < limit; back += daysAtOnce) {
      const days = Array.from({ length: daysAtOnce }, (_, index) => dayOf(todayMs - (back + index) * 86_400_000));
      ids.push(...(await Promise.all(days.map((day) => idsOfDay(table, day, limit)))).flat());
    }
    const found = await getMany(table, ids.slice(0, limit).map(keyOf));
    const batches = found.map((item) => Batch.parse(bare(item)));
    return batches.sort((a, b) => b.acceptedAtMs - a.acceptedAtMs);
  };

  return { apply, read, list };
}

async function enlist(table: Table, batch: Batch): Promise<void> {
  const at = new Date(batch.acceptedAtMs).toISOString();
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: { pk: `BATCHES#${dayOf(batch.acceptedAtMs)}`, sk: `${at}#${batch.id}` },
      UpdateExpression: "SET id = :id, expiresAt = :expiresAt",
      ExpressionAttributeValues: { ":id": batch.id, ":expiresAt": expiresAt(table.clock) },
    }),
  );
}

/** The newest first. */
async function idsOfDay(table: Table, day: string, limit: number): Promise<string[]> {
  const { Items } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": `BATCHES#${day}` },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return (Items ?? []).map((item) => Listed.parse(item).id);
}

function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}

function keyOf(id: string): Key {
  return { pk: `BATCH#${id}`, sk: "META" };
}
