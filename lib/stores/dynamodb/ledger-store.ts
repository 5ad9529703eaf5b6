import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { Ledger, type LedgerId, ledgerUpdateFor } from "../../core/budgets/ledger.ts";
import type { LedgerStore } from "../../core/ports.ts";
import { bare, readItem, updateItem } from "./item.ts";
import type { Key, Table } from "./table.ts";

const Named = z.object({ sk: z.string() });

/** An item for each ledger, those of one period under one partition key, so that sweep and people find them all. */
export function createLedgerStore(table: Table): LedgerStore {
  const readOne = async (id: LedgerId): Promise<Ledger | undefined> => {
    const item = await readItem(table, keyOf(id));
    return item === undefined ? undefined : Ledger.parse(item);
  };

  return {
    async apply(id, event) {
      const after = await updateItem(table, keyOf(id), ledgerUpdateFor(event));
      const ledger = after === undefined ? await readOne(id) : Ledger.parse(after);
      return { applied: after !== undefined, ledger };
    },
    read: (ids) => Promise.all(ids.map(readOne)),
    async list(period) {
      const found: { id: LedgerId; ledger: Ledger }[] = [];
      const pages = paginateQuery(
        { client: table.client },
        {
          TableName: table.name,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": partitionOf(period) },
        },
      );
      for await (const { Items } of pages)
        for (const item of Items ?? [])
          found.push({ id: { period, name: Named.parse(item).sk }, ledger: Ledger.parse(bare(item)) });
      return found;
    },
  };
}

function keyOf({ period, name }: LedgerId): Key {
  return { pk: partitionOf(period), sk: name };
}

function partitionOf(period: string): string {
  return `BUDGET#${period}`;
}
