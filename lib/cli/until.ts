import { parseDuration } from "../core/duration.ts";
import { wrongUse } from "./errors.ts";

/** Unix milliseconds of an end. Throws CommandError for what is neither a duration nor a time to come. */
export function parseUntil(text: string, nowMs: number): number {
  const length = parseDuration(text);
  if (length !== undefined) return nowMs + length;
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(text);
  const untilMs = isTime ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(untilMs))
    throw wrongUse(`--until ${text} is neither a duration such as 2h nor a time in UTC such as 2026-11-24T08:00Z.`);
  if (untilMs <= nowMs) throw wrongUse(`--until ${text} is in the past.`);
  return untilMs;
}
