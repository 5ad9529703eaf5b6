/**
 * At most `limit` admissions in any `windowMs`. A call of the result asks for one: 0 admits, else the milliseconds until
 * there is room. Times must not go back.
 */
export function createSlidingLimit(limit: number, windowMs: number): (nowMs: number) => number {
  const admittedMs = new Float64Array(limit).fill(Number.NEGATIVE_INFINITY);
  let oldest = 0;
  return (nowMs) => {
    const waitMs = (admittedMs[oldest] ?? 0) + windowMs - nowMs;
    if (waitMs > 0) return waitMs;
    admittedMs[oldest] = nowMs;
    oldest = (oldest + 1) % limit;
    return 0;
  };
}
