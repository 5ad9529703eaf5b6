import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { MeasuredLatency, withAnswers } from "../../core/measured-latency.ts";
import type { LatencyStore } from "../../core/ports.ts";
import { getMany } from "./get-many.ts";
import { readItem } from "./item.ts";
import { expiresAt, type Key, type Table } from "./table.ts";

const Keyed = z.object({ pk: z.string() });
const prefix = "LATENCY#";

/** One item a deployment. Of two workers that add at once one may be lost: it is a mean, not a count. */
export function createLatencyStore(table: Table): LatencyStore {
  return {
    async add(deployment, times) {
      const key = keyOf(deployment);
      const item = await readItem(table, key);
      const known = item === undefined ? undefined : MeasuredLatency.parse(item);
      const { medianMs, atMs } = withAnswers(known, times, table.clock());
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: key,
          UpdateExpression: "SET medianMs = :medianMs, atMs = :atMs, expiresAt = :expiresAt",
          ExpressionAttributeValues: { ":medianMs": medianMs, ":atMs": atMs, ":expiresAt": expiresAt(table.clock) },
        }),
      );
    },
    async read(deployments) {
      const items = await getMany(table, [...new Set(deployments)].map(keyOf));
      return new Map(items.map((item) => [Keyed.parse(item).pk.slice(prefix.length), MeasuredLatency.parse(item)]));
    },
  };
}

function keyOf(deployment: string): Key {
  return { pk: `${prefix}${deployment}`, sk: "LATENCY" };
}
