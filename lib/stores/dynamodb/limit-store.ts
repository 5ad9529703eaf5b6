import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { reserve } from "../../core/limits/gcra.ts";
import { type LimitLine, type LimitStore, limitLines } from "../../core/ports.ts";
import { getMany } from "./get-many.ts";
import { readItem } from "./item.ts";
import { expiresAt, type Key, type Table } from "./table.ts";

const Line = z.object({ takenUntilMs: z.number() });
const Listed = Line.extend({ sk: z.enum(limitLines) });

/** How often a stretch is asked for that others take away meanwhile, and how long to wait in between, milliseconds. */
const tries = 6;
const pauseMs = 50;

type LimitStoreDeps = { sleep: (ms: number) => Promise<void>; random: () => number };

/** One item a deployment and line, shared by all workers of a stack: up to when it is taken. */
export function createLimitStore(table: Table, { sleep, random }: LimitStoreDeps): LimitStore {
  // What this worker saw last. It only moves later: what refuses by an old value refuses by the new one too.
  const seen = new Map<string, number>();

  const look = async (key: Key): Promise<number | undefined> => {
    const item = await readItem(table, key);
    return item === undefined ? undefined : Line.parse(item).takenUntilMs;
  };

  /** Moves the end of what is taken from where this worker saw it; false when another was quicker. */
  const move = async (key: Key, fromMs: number | undefined, toMs: number): Promise<boolean> => {
    try {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: key,
          UpdateExpression: "SET takenUntilMs = :to, expiresAt = :expiresAt",
          ConditionExpression: fromMs === undefined ? "attribute_not_exists(takenUntilMs)" : "takenUntilMs = :from",
          ExpressionAttributeValues: {
            ":to": toMs,
            ":expiresAt": expiresAt(table.clock),
            ...(fromMs === undefined ? {} : { ":from": fromMs }),
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
    async reserve(deployment, line, wish) {
      const key = keyOf(deployment, line);
      const name = `${key.pk} ${key.sk}`;
      let fromMs = seen.get(name) ?? (await look(key));
      for (let tried = 1; ; tried++) {
        const reservation = reserve(fromMs, wish);
        if (reservation.kind === "refused") return reservation;
        const toMs = reservation.startMs + wish.spanMs;
        if (await move(key, fromMs, toMs)) {
          seen.set(name, toMs);
          return reservation;
        }
        fromMs = await look(key);
        if (fromMs !== undefined) seen.set(name, fromMs);
        // Many want it at once: whoever is put off asks again later.
        if (tried === tries) return { kind: "refused", dueMs: Math.max(fromMs ?? 0, wish.nowMs) };
        await sleep(pauseMs * tried * random());
      }
    },

    async read(deployment) {
      const items = await getMany(
        table,
        limitLines.map((line) => keyOf(deployment, line)),
      );
      return Object.fromEntries(
        items.map((item) => {
          const { sk, takenUntilMs } = Listed.parse(item);
          return [sk, takenUntilMs];
        }),
      );
    },
  };
}

function keyOf(deployment: string, line: LimitLine): Key {
  return { pk: `LIMIT#${deployment}`, sk: line };
}
