import { createHash } from "node:crypto";
import { DeleteCommand, paginateQuery, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { OpenEntry, OpenStore, UnknownEntry } from "../../core/ports.ts";
import { expiresAt, type Key, type Table } from "./table.ts";

/** Markers are spread over this many partition keys; sweep reads them all. */
const partitions = 8;

const Marker = z.object({ kind: z.enum(["batch", "chunk"]), id: z.string(), sinceMs: z.int() });
const Keyed = z.object({ sk: z.string() });

/** Markers of what is in flight. One that is added again keeps its first time. */
export function createOpenStore(table: Table): OpenStore {
  return {
    async add(entry) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(entry),
          UpdateExpression:
            "SET kind = :kind, id = :id, sinceMs = if_not_exists(sinceMs, :sinceMs), expiresAt = :expiresAt",
          ExpressionAttributeValues: {
            ":kind": entry.kind,
            ":id": entry.id,
            ":sinceMs": entry.sinceMs,
            ":expiresAt": expiresAt(table.clock),
          },
        }),
      );
    },
    async remove(entry) {
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(entry) }));
    },
    async *list() {
      for (let partition = 0; partition < partitions; partition++) {
        const pages = paginateQuery(
          { client: table.client },
          {
            TableName: table.name,
            KeyConditionExpression: "pk = :pk",
            ExpressionAttributeValues: { ":pk": `OPEN#${partition}` },
          },
        );
        for await (const { Items } of pages) for (const item of Items ?? []) yield entryOf(item);
      }
    },
  };
}

function entryOf(item: unknown): OpenEntry | UnknownEntry {
  return Marker.safeParse(item).data ?? { kind: "unknown", id: Keyed.parse(item).sk };
}

function keyOf({ kind, id }: Pick<OpenEntry, "kind" | "id">): Key {
  const sk = `${kind}#${id}`;
  const partition = createHash("sha256").update(sk).digest().readUInt8(0) % partitions;
  return { pk: `OPEN#${partition}`, sk };
}
