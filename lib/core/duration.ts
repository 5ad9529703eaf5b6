const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds of `30s`, `15m`, `24h` or `7d`; undefined for anything else, and for nought. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6})([smhd])$/.exec(text);
  if (match === null) return undefined;
  const [, digits, unit] = match;
  if (unit !== "s" && unit !== "m" && unit !== "h" && unit !== "d") return undefined;
  const ms = Number(digits) * unitMs[unit];
  return ms > 0 ? ms : undefined;
}
