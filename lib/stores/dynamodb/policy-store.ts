import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { GetCommand, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import { PolicyDocument } from "../../core/configuration/document.ts";
import { afterDeploy, afterPublication, PolicyState } from "../../core/configuration/policy-state.ts";
import type { ObjectStore, PolicyStore } from "../../core/ports.ts";
import type { Table } from "./table.ts";

const key = { pk: "POLICY", sk: "CURRENT" };
const attributes = ["version", "generation", "serial", "deployed", "history"] as const;
/** Functions of one deploy that start together meet at the item; who loses so often looks again in 30 s. */
const tries = 5;

/** Documents as objects of the policy bucket; which one is current, an item says that never expires. */
export function createPolicyStore(table: Table, objects: ObjectStore): PolicyStore {
  const current = async (): Promise<PolicyState | undefined> => {
    const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key: key, ConsistentRead: true }));
    return Item === undefined ? undefined : PolicyState.parse(Item);
  };

  const change = async (seen: PolicyState | undefined, next: PolicyState): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: key,
          UpdateExpression: `SET ${attributes.map((name) => `#${name} = :${name}`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(attributes.map((name) => [`#${name}`, name])),
          ...conditionOf(seen),
          ExpressionAttributeValues: {
            ...Object.fromEntries(attributes.map((name) => [`:${name}`, next[name]])),
            ...(seen === undefined
              ? {}
              : { ":seenVersion": seen.version, ":seenGeneration": seen.generation, ":seenSerial": seen.serial }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    current,
    async adopt(brought) {
      for (let attempt = 0; attempt < tries; attempt++) {
        const seen = await current();
        const next = afterDeploy(seen, brought, table.clock());
        if (next === undefined) return false;
        if (await change(seen, next)) return true;
      }
      return false;
    },
    replace: (seen, publication) => change(seen, afterPublication(seen, publication)),
    async document(version) {
      const text = await objects.get(objectKey(version));
      return text === undefined ? undefined : PolicyDocument.parse(JSON.parse(text));
    },
    async publish(document) {
      await objects.put(objectKey(document.version), JSON.stringify(document));
    },
  };
}

/** That nothing was changed since; version and generation too, which a version without a serial number may change. */
function conditionOf(seen: PolicyState | undefined): Pick<UpdateCommandInput, "ConditionExpression"> {
  if (seen === undefined) return { ConditionExpression: "attribute_not_exists(#generation)" };
  const serial =
    seen.serial === 0 ? "(attribute_not_exists(#serial) OR #serial = :seenSerial)" : "#serial = :seenSerial";
  return { ConditionExpression: `#version = :seenVersion AND #generation = :seenGeneration AND ${serial}` };
}

function objectKey(version: string): string {
  return `policies/${version}.json`;
}
