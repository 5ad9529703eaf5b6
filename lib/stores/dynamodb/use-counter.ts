import { paginateQuery, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Use, UseCounter } from "../../core/ports.ts";
import { expiresAt, type Table } from "./table.ts";

const Counted = z.object({
  sk: z.string(),
  jobs: z.int(),
  attempts: z.int(),
  failures: z.int(),
  costNanoUsd: z.int(),
});

/** Counters per day and deployment: a view. An answer lost on its way can count twice; the chunks have the exact sums. */
export function createUseCounter(table: Table): UseCounter {
  return {
    async add(day, use) {
      await Promise.all(
        [...use].map(([deployment, { jobs, attempts, failures, costNanoUsd }]) =>
          table.client.send(
            new UpdateCommand({
              TableName: table.name,
              Key: { pk: `USE#${day}`, sk: deployment },
              UpdateExpression:
                "ADD jobs :jobs, attempts :attempts, failures :failures, costNanoUsd :costNanoUsd SET expiresAt = :expiresAt",
              ExpressionAttributeValues: {
                ":jobs": jobs,
                ":attempts": attempts,
                ":failures": failures,
                ":costNanoUsd": costNanoUsd,
                ":expiresAt": expiresAt(table.clock),
              },
            }),
          ),
        ),
      );
    },
    async read(day) {
      const use = new Map<string, Use>();
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": `USE#${day}` },
        },
      );
      for await (const { Items } of pages) {
        for (const item of Items ?? []) {
          const { sk, ...counted } = Counted.parse(item);
          use.set(sk, counted);
        }
      }
      return use;
    },
  };
}
