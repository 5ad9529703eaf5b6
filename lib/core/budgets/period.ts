import { dayMs, dayOf } from "../day.ts";

/** The day or month that a time lies in: its name (`2027-01-31`, `2027-01`), and the Unix millisecond at which it is over. */
export function periodOf(per: "day" | "month", nowMs: number): { name: string; endsAtMs: number } {
  const today = dayOf(nowMs);
  const midnightMs = (Math.floor(nowMs / dayMs) + 1) * dayMs;
  if (per === "day") return { name: today, endsAtMs: midnightMs };
  const name = today.slice(0, 7);
  let endsAtMs = midnightMs;
  while (dayOf(endsAtMs).startsWith(name)) endsAtMs += dayMs;
  return { name, endsAtMs };
}
