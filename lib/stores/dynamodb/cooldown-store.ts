import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { Cooldown } from "../../core/cooldown.ts";
import type { CooldownStore } from "../../core/ports.ts";
import { getMany } from "./get-many.ts";
import type { Key, Table } from "./table.ts";

const Keyed = z.object({ pk: z.string() });
const prefix = "COOLDOWN#";

/**
 * Cooldowns and pauses, shared by all workers of a stack. One that has been recovered from stays, at level 0. There is one
 * item a deployment, and none expires: a pause without an end must not.
 */
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
          // What versions that let items expire have set.
          UpdateExpression: `${parts.UpdateExpression} REMOVE expiresAt`,
          ExpressionAttributeValues: values,
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

    async cool(deployment, { untilMs, level, kind, sinceMs = table.clock() }) {
      await change(
        deployment,
        {
          UpdateExpression:
            "SET untilMs = :untilMs, #level = :level, kind = :kind, probeUntilMs = :nobody, sinceMs = :sinceMs",
          ConditionExpression: "attribute_not_exists(untilMs) OR untilMs < :untilMs",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":untilMs": untilMs, ":level": level, ":kind": kind, ":nobody": 0, ":sinceMs": sinceMs },
      );
    },

    async leaseProbe(deployment, nowMs, leaseUntilMs) {
      return await change(
        deployment,
        {
          UpdateExpression: "SET probeUntilMs = :leaseUntilMs",
          ConditionExpression:
            "#level > :recovered AND untilMs <= :nowMs AND probeUntilMs <= :nowMs " +
            "AND (attribute_not_exists(paused) OR paused.untilMs <= :nowMs)",
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

    async clear(deployment, untilMs) {
      return await change(
        deployment,
        {
          // Its end goes too: the next rest may end before this one would have.
          UpdateExpression: "SET #level = :zero, untilMs = :zero, probeUntilMs = :zero",
          ConditionExpression: "untilMs = :untilMs AND #level > :zero",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":untilMs": untilMs, ":zero": 0 },
      );
    },

    async pause(deployment, pause) {
      await change(
        deployment,
        {
          // A deployment that never rested has no item yet; a worker of any version must be able to read it.
          UpdateExpression:
            "SET paused = :pause, untilMs = if_not_exists(untilMs, :zero), #level = if_not_exists(#level, :zero), " +
            "kind = if_not_exists(kind, :kind), probeUntilMs = if_not_exists(probeUntilMs, :zero)",
          ExpressionAttributeNames: { "#level": "level" },
        },
        { ":pause": pause, ":zero": 0, ":kind": "overload" },
      );
    },

    async resume(deployment) {
      try {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(deployment),
            UpdateExpression: "REMOVE paused",
            ConditionExpression: "attribute_exists(paused)",
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

function keyOf(deployment: string): Key {
  return { pk: `${prefix}${deployment}`, sk: "COOLDOWN" };
}
