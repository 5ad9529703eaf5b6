import { BatchGetCommand } from "@aws-sdk/lib-dynamodb";
import type { Item } from "../../core/protocol/update.ts";
import type { Key, Table } from "./table.ts";

/** Keys in one request. Source: DynamoDB API reference, "BatchGetItem". */
const keysPerRequest = 100;
/** How often a request is made again that leaves keys unanswered without answering any. */
const emptyAnswers = 5;

/** The items that are there, with their keys, in any order; eventually consistent. */
export async function getMany(table: Table, keys: readonly Key[]): Promise<Item[]> {
  const items: Item[] = [];
  for (let from = 0; from < keys.length; from += keysPerRequest) {
    let missing: Item[] = keys.slice(from, from + keysPerRequest);
    let empty = 0;
    while (missing.length > 0) {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({ RequestItems: { [table.name]: { Keys: missing } } }),
      );
      const found = Responses?.[table.name] ?? [];
      items.push(...found);
      missing = UnprocessedKeys?.[table.name]?.Keys ?? [];
      empty = found.length === 0 ? empty + 1 : 0;
      if (empty > emptyAnswers) throw new Error(`The table ${table.name} leaves reads unanswered: it is throttled.`);
    }
  }
  return items;
}
