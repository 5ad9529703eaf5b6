import { parseDuration } from "../core/duration.ts";
import { wrongUse } from "./errors.ts";

/** Unix milliseconds of the end that `--for` or `--until` gives; throws CommandError for what is no such end. */
export function parseEnd(
  given: { for?: string | undefined; until?: string | undefined },
  nowMs: number,
): number | undefined {
  if (given.for !== undefined) {
    const length = parseDuration(given.for);
    if (length === undefined) throw wrongUse(`--for ${given.for} is not a duration such as 30m, 2h or 7d.`);
    return nowMs + length;
  }
  const { until } = given;
  if (until === undefined) return undefined;
  const isTime = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?$/.test(until);
  const untilMs = isTime ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(untilMs))
    throw wrongUse(
      `--until ${until} is not a time in UTC such as 2026-11-24T08:00Z; --for takes a duration such as 2h.`,
    );
  if (untilMs <= nowMs) throw wrongUse(`--until ${until} is in the past.`);
  return untilMs;
}
