import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { PolicyDocument } from "../../core/configuration/document.ts";
import type { ObjectStore, PolicyStore } from "../../core/ports.ts";
import type { Table } from "./table.ts";

const Current = z.object({ version: z.string(), generation: z.number() });

const key = { pk: "POLICY", sk: "CURRENT" };

/** Documents as objects of the policy bucket; which one is current, an item says that never expires. */
export function createPolicyStore(table: Table, objects: ObjectStore): PolicyStore {
  return {
    async current() {
      const { Item } = await table.client.send(
        new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : Current.parse(Item);
    },
    async adopt(version, generation) {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: key,
            UpdateExpression: "SET #version = :version, #generation = :generation",
            ConditionExpression: "attribute_not_exists(#generation) OR #generation < :generation",
            ExpressionAttributeNames: { "#version": "version", "#generation": "generation" },
            ExpressionAttributeValues: { ":version": version, ":generation": generation },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async document(version) {
      const text = await objects.get(objectKey(version));
      return text === undefined ? undefined : PolicyDocument.parse(JSON.parse(text));
    },
    async publish(document) {
      await objects.put(objectKey(document.version), JSON.stringify(document));
    },
  };
}

function objectKey(version: string): string {
  return `policies/${version}.json`;
}
