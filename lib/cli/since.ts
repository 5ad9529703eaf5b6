import { dayMs, dayOf, parseDay } from "../core/day.ts";
import { parseDuration } from "../core/duration.ts";
import { wrongUse } from "./errors.ts";

/** Unix milliseconds of the first moment that counts. Throws CommandError for what is neither a date nor a duration. */
export function parseSince(text: string, nowMs: number, kept: { days: number; what: string }): number {
  const back = parseDuration(text);
  const sinceMs = back === undefined ? parseDay(text) : nowMs - back;
  if (sinceMs === undefined)
    throw wrongUse(`--since ${text} is neither a date such as 2026-11-01 nor a time back such as 7d.`);
  if (sinceMs > nowMs) throw wrongUse(`--since ${text} is in the future.`);
  if (sinceMs < nowMs - kept.days * dayMs)
    throw wrongUse(`--since ${text} is too long ago: ${kept.what} are kept for ${kept.days} days.`);
  return sinceMs;
}

/** The days (UTC) from a moment until now, the newest first. */
export function daysSince(sinceMs: number, nowMs: number): string[] {
  const days: string[] = [];
  for (let ms = nowMs; dayOf(ms) >= dayOf(sinceMs); ms -= dayMs) days.push(dayOf(ms));
  return days;
}
