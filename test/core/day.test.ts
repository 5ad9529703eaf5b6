import fc from "fast-check";
import { expect, it } from "vitest";
import { dayOf, endOfDay, isoTime, parseDay } from "../../lib/core/day.ts";

it.each([
  ["2027-01-31", "2027-01-31T00:00:00Z"],
  ["2024-02-29", "2024-02-29T00:00:00Z"],
  ["1970-01-01", "1970-01-01T00:00:00Z"],
])("%s begins at %s", (day, begin) => {
  expect(parseDay(day)).toBe(Date.parse(begin));
  expect(endOfDay(day)).toBe(Date.parse(begin) + 86_400_000);
});

it.each(["2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "27-01-01", "2027-1-1", "2027-01-32", "", "today"])(
  "%j is no day",
  (text) => {
    expect(parseDay(text)).toBeUndefined();
    expect(endOfDay(text)).toBeUndefined();
  },
);

it("writes times and days as everybody does", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.parse("2399-12-31T23:59:59.999Z") }), (ms) => {
      expect(isoTime(ms)).toBe(new Date(ms).toISOString());
      expect(parseDay(dayOf(ms))).toBe(Math.floor(ms / 86_400_000) * 86_400_000);
    }),
  );
});
