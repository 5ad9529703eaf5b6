import { expect, it } from "vitest";
import { parseDuration } from "../../lib/core/duration.ts";

it.each([
  ["30s", 30_000],
  ["15m", 900_000],
  ["24h", 86_400_000],
  ["7d", 604_800_000],
])("reads %s", (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each(["", "0s", "24", "h", "-1h", "1.5h", "1w", " 1h", "1h ", "1h30m", "9999999d", "24H"])(
  "does not read %j",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
