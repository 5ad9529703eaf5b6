import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Item, Update } from "../../core/protocol/update.ts";
import { expiresAt, type Key, type Table } from "./table.ts";
import { updateExpression } from "./update-expression.ts";

/** The item after the update, or undefined when a condition does not hold. Throws when DynamoDB cannot answer. */
export async function updateItem(table: Table, key: Key, update: Update): Promise<Item | undefined> {
  const lasting: Update = {
    conditions: update.conditions,
    changes: [...update.changes, { kind: "set", path: ["expiresAt"], value: expiresAt(table.clock) }],
  };
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({ TableName: table.name, Key: key, ...updateExpression(lasting), ReturnValues: "ALL_NEW" }),
    );
    return bare(Attributes ?? {});
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

/** The item as it stands after every update that has been answered; undefined when there is none. */
export async function readItem(table: Table, key: Key): Promise<Item | undefined> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
  );
  return item === undefined ? undefined : bare(item);
}

/** The item without what is only the table's, its number sets as ascending arrays. */
export function bare(item: Item): Item {
  const { pk: _pk, sk: _sk, expiresAt: _expiresAt, ...rest } = item;
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, withoutSet(value)]));
}

function withoutSet(value: unknown): unknown {
  return value instanceof Set ? [...value].sort((a, b) => Number(a) - Number(b)) : value;
}
