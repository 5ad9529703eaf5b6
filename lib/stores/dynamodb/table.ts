import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../core/ports.ts";

/** Where the items of a stack are: one table with `pk`, `sk` and the TTL attribute `expiresAt`. */
export type Table = { client: DynamoDBDocumentClient; name: string; clock: Clock };

export type Key = { pk: string; sk: string };

/** How long an item outlives its last change. Results and segments in S3 are what lasts. */
export const keptDays = 60;

/** The TTL of an item that changes now, in Unix seconds. */
export function expiresAt(clock: Clock): number {
  return Math.floor(clock() / 1000) + keptDays * 86_400;
}
