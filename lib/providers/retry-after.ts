/** Lower-case names; a list is a header sent more than once. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A provider that asks for more is asked again after this: cooldowns only move later, so a wild value must not stick. */
const maxRetryAfterMs = 3_600_000;

/**
 * How long a provider asks to be left alone, in milliseconds; undefined when it does not say.
 * Sources: RFC 9110 section 10.2.3 (seconds or HTTP date); OpenAI API, "Rate limits in headers".
 */
export function retryAfterMs(headers: ResponseHeaders, nowMs: number): number | undefined {
  const ms =
    milliseconds(one(headers["retry-after-ms"])) ?? retryAfter(one(headers["retry-after"]), nowMs) ?? resetMs(headers);
  return ms === undefined ? undefined : Math.round(Math.min(Math.max(ms, 0), maxRetryAfterMs));
}

function retryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const seconds = milliseconds(value);
  if (seconds !== undefined) return seconds * 1000;
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : dateMs - nowMs;
}

/** When several limits are told, the exhausted ones count; when none says that it is, all do. The latest decides. */
function resetMs(headers: ResponseHeaders): number | undefined {
  const limits = ["requests", "tokens"].flatMap((name) => {
    const ms = durationMs(one(headers[`x-ratelimit-reset-${name}`]));
    return ms === undefined ? [] : [{ ms, exhausted: one(headers[`x-ratelimit-remaining-${name}`]) === "0" }];
  });
  const exhausted = limits.filter((limit) => limit.exhausted);
  const deciding = exhausted.length > 0 ? exhausted : limits;
  return deciding.length === 0 ? undefined : Math.max(...deciding.map((limit) => limit.ms));
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `6m0s`, `120ms`, `1.5s`. */
function durationMs(value: string | undefined): number | undefined {
  if (value === undefined || !/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(value)) return undefined;
  let total = 0;
  for (const [, amount = "0", unit = "ms"] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    total += Number(amount) * (unitMs[unit] ?? 0);
  return total;
}

function milliseconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
}

function one(value: string | string[] | undefined): string | undefined {
  return (typeof value === "string" ? value : value?.[0])?.trim();
}
