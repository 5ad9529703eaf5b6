import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { Cooldown } from "../../core/cooldown.ts";
import type { CooldownStore } from "../../core/ports.ts";
import { getMany } from "./get-many.ts";
import { expiresAt, type Key, type Table } from "./table.ts";

const Keyed = z.object({ pk: z.string() });
const prefix = "COOLDOWN#";

/** Cooldowns, shared by all workers of a stack. One that has been recovered from stays, at level 0. */
export function createCooldownStore(table: Table): CooldownStore {
  const change = async (
    deployment: string,
    parts: Pick<UpdateCommandInput, "UpdateExpression" | "ConditionExpression" | "ExpressionAttributeNames">,
    values: Record<string, unknown>,
  ): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(deployment),
          ...parts,
          UpdateExpression: `${parts.UpdateExpression}, expiresAt = :expiresAt`,
          ExpressionAttributeValues: { ...values, ":expiresAt": expiresAt(table.clock) },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    async read(deployments) {
      const items = await getMany(table, [...new Set(deployments)].map(keyOf));
      return new Map(items.map((item) => [Keyed.parse(item).pk.slice(prefix.length), Cooldown.parse(item)]));
    },

    async cool(deployment, { untilMs, level, kind }) {
      await change(
        deployment,
        {
          UpdateExpression: "SET untilMs = :untilMs, #level = :level, kind = :kind, probeUntilMs = :nobody",
          ConditionExpression: "attribute_not_exists(untilMs) OR untilMs < :untilMs",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":untilMs": untilMs, ":level": level, ":kind": kind, ":nobody": 0 },
      );
    },

    async leaseProbe(deployment, nowMs, leaseUntilMs) {
      return await change(
        deployment,
        {
          UpdateExpression: "SET probeUntilMs = :leaseUntilMs",
          ConditionExpression: "#level > :recovered AND untilMs <= :nowMs AND probeUntilMs <= :nowMs",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":leaseUntilMs": leaseUntilMs, ":nowMs": nowMs, ":recovered": 0 },
      );
    },

    async recover(deployment, untilMs) {
      await change(
        deployment,
        {
          UpdateExpression: "SET #level = :recovered, probeUntilMs = :nobody",
          ConditionExpression: "untilMs <= :untilMs",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":untilMs": untilMs, ":recovered": 0, ":nobody": 0 },
      );
    },
  };
}

function keyOf(deployment: string): Key {
  return { pk: `${prefix}${deployment}`, sk: "COOLDOWN" };
}
