import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../lib/providers/retry-after.ts";

const nowMs = Date.parse("2026-11-23T12:00:00Z");

describe("retryAfterMs", () => {
  it.each([
    [{}, undefined],
    [{ "retry-after": "5" }, 5000],
    [{ "retry-after": " 0.5 " }, 500],
    [{ "retry-after": ["3", "9"] }, 3000],
    [{ "retry-after": "Mon, 23 Nov 2026 12:00:30 GMT" }, 30_000],
    [{ "retry-after": "Mon, 23 Nov 2026 11:00:00 GMT" }, 0],
    [{ "retry-after": "soon" }, undefined],
    [{ "retry-after-ms": "1250", "retry-after": "5" }, 1250],
    [{ "retry-after": "999999999" }, 3_600_000],
    [{ "x-ratelimit-reset-requests": "1s" }, 1000],
    [{ "x-ratelimit-reset-requests": "120ms", "x-ratelimit-reset-tokens": "6m0s" }, 360_000],
    [
      {
        "x-ratelimit-reset-requests": "2s",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-tokens": "6m0s",
        "x-ratelimit-remaining-tokens": "900",
      },
      2000,
    ],
    [{ "x-ratelimit-reset-tokens": "1795438800" }, undefined],
    [{ "retry-after": "4", "x-ratelimit-reset-requests": "9s" }, 4000],
  ])("reads %j as %s", (headers, expected) => {
    expect(retryAfterMs(headers, nowMs)).toBe(expected);
  });

  it("is a whole number between nought and an hour, whatever the header", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.double().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        (value) => {
          const ms = retryAfterMs({ "retry-after": value }, nowMs);
          expect(ms === undefined || (Number.isInteger(ms) && ms >= 0 && ms <= 3_600_000)).toBe(true);
        },
      ),
    );
  });
});
