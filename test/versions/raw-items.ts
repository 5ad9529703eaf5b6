import { type AttributeValue, DynamoDBClient, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Emulators } from "../stores/emulators.ts";

const Value: z.ZodType<AttributeValue> = z.lazy(() =>
  z.union([
    z.strictObject({ S: z.string() }),
    z.strictObject({ N: z.string() }),
    z.strictObject({ BOOL: z.boolean() }),
    z.strictObject({ NS: z.array(z.string()) }),
    z.strictObject({ L: z.array(Value) }),
    z.strictObject({ M: z.record(z.string(), Value) }),
  ]),
);

/** An item as DynamoDB's own API has it. */
export const RawItem = z.record(z.string(), Value);
type RawItem = z.infer<typeof RawItem>;

/** All items of the table. */
export async function scanItems(emulators: Emulators): Promise<RawItem[]> {
  const { Items = [] } = await rawClient(emulators).send(new ScanCommand({ TableName: emulators.table }));
  const keyOf = ({ pk, sk }: RawItem) => `${pk?.S} ${sk?.S}`;
  return Items.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

export async function putItems(items: readonly RawItem[], emulators: Emulators): Promise<void> {
  const client = rawClient(emulators);
  for (const Item of items) await client.send(new PutItemCommand({ TableName: emulators.table, Item }));
}

function rawClient({ dynamodbEndpoint }: Emulators): DynamoDBClient {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new DynamoDBClient({ region: "us-east-1", credentials, endpoint: dynamodbEndpoint });
}
