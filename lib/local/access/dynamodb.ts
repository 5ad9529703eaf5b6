import * as z from "zod";
import type { ActionsOf } from "./api-request.ts";

/** Operations on one table, or one of its indexes, that need the action of their own name. */
const onOneTable = ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan", "DescribeTable"];
const onTables = ["BatchGetItem", "BatchWriteItem"];

const OneTable = z.object({ TableName: z.string(), IndexName: z.string().optional() });
const Tables = z.object({ RequestItems: z.record(z.string(), z.unknown()) });

/** Source: Service Authorization Reference, "Actions defined by Amazon DynamoDB". */
export const dynamodbActions: ActionsOf = (operation, { body }, { region, accountId }) => {
  const action = `dynamodb:${operation}`;
  const arn = (name: string): string =>
    name.startsWith("arn:") ? name : `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
  // A call that names no table is refused by DynamoDB in any case.
  if (onOneTable.includes(operation)) {
    const { TableName, IndexName } = OneTable.safeParse(body).data ?? { TableName: "" };
    return [{ action, resource: IndexName === undefined ? arn(TableName) : `${arn(TableName)}/index/${IndexName}` }];
  }
  if (!onTables.includes(operation)) return undefined;
  const names = Object.keys(Tables.safeParse(body).data?.RequestItems ?? { "": undefined });
  return names.map((name) => ({ action, resource: arn(name) }));
};
