import type { Hash } from "./batch-id.ts";
import type { Job } from "./job.ts";

/**
 * Names what a line asks for: its body and its `switchyard` object, not its `custom_id` or place. Two lines with one name
 * are the same request; white space and the order of keys make no difference. 32 hexadecimal digits.
 */
export function requestHash({ body, options }: Pick<Job, "body" | "options">, hash: Hash): string {
  return hash(JSON.stringify([body, options], withSortedKeys)).slice(0, 32);
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
