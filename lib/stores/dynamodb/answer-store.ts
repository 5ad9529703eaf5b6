import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { AnswerPointer, type AnswerStore } from "../../core/ports.ts";
import { getMany } from "./get-many.ts";
import type { Key, Table } from "./table.ts";

const prefix = "ANSWER#";
const Listed = z.object({ pk: z.string(), at: AnswerPointer });

/** One item a question. DynamoDB removes it some time after it expired; until then whoever reads it looks at its time. */
export function createAnswerStore(table: Table): AnswerStore {
  return {
    async read(keys) {
      const items = await getMany(table, keys.map(keyOf));
      return new Map(
        items.flatMap((item) => {
          // A later version may write others.
          const read = Listed.safeParse(item);
          return read.success ? [[read.data.pk.slice(prefix.length), read.data.at]] : [];
        }),
      );
    },

    async put(key, pointer, untilMs) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(key),
          UpdateExpression: "SET #at = :at, expiresAt = :expiresAt",
          ExpressionAttributeNames: { "#at": "at" },
          ExpressionAttributeValues: { ":at": pointer, ":expiresAt": Math.ceil(untilMs / 1000) },
        }),
      );
    },
  };
}

function keyOf(key: string): Key {
  return { pk: `${prefix}${key}`, sk: "ANSWER" };
}
