/**
 * The generic cell rate algorithm, with reservations. A limit is a line of time on which everything that it counts takes
 * up some: a request of a limit of 600 a minute takes 100 ms. What is stored, once for all workers, is where the line is
 * taken up to: the theoretical arrival time of what comes next. It only ever moves later.
 * Source: ITU-T I.371, "Generic cell rate algorithm", in its virtual scheduling form, with no tolerance: what is
 * permitted is spread evenly.
 */

/** A stretch of a line, Unix milliseconds; a worker that has reserved it may start what it counts then. */
export type Span = { fromMs: number; toMs: number };

export type Wish = {
  nowMs: number;
  spanMs: number;
  /** What would start later is refused. */
  latestMs: number;
};

export type Reservation =
  | { kind: "reserved"; startMs: number }
  /** The line is taken up to then. */
  | { kind: "refused"; dueMs: number };

/** What a wish gets of a line that is taken up to `storedMs`; reserved, the line is taken up to its start and span. */
export function reserve(
  storedMs: number | undefined,
  { nowMs, latestMs }: Pick<Wish, "nowMs" | "latestMs">,
): Reservation {
  const startMs = Math.max(storedMs ?? 0, nowMs);
  return startMs > latestMs ? { kind: "refused", dueMs: startMs } : { kind: "reserved", startMs };
}

/**
 * How late a reserved time may still be used; after that it lapses. So what starts in a minute was reserved in that
 * minute and this much before it.
 */
export const lateMs = 1000;

/** Sums of fractions of milliseconds since 1970 are off by up to this much. */
const roundingMs = 0.05;

/** Takes `costMs` from the front of what a worker has reserved: when it may start, and what is left; undefined if too little is left. */
export function draw(
  stock: readonly Span[],
  costMs: number,
  nowMs: number,
): { atMs: number; left: Span[] } | undefined {
  const good = unlapsed(stock, nowMs);
  const [first] = good;
  if (first === undefined || lengthMs(good) < costMs - roundingMs) return undefined;
  const left: Span[] = [];
  let owedMs = costMs;
  for (const { fromMs, toMs } of good) {
    const takenMs = Math.min(owedMs, toMs - fromMs);
    owedMs -= takenMs;
    if (toMs - fromMs - takenMs > roundingMs) left.push({ fromMs: fromMs + takenMs, toMs });
  }
  return { atMs: first.fromMs, left };
}

/** What of a worker's reserved time has not lapsed. */
export function unlapsed(stock: readonly Span[], nowMs: number): Span[] {
  return stock.flatMap(({ fromMs, toMs }) => {
    const goodFromMs = Math.max(fromMs, nowMs - lateMs);
    return goodFromMs < toMs ? [{ fromMs: goodFromMs, toMs }] : [];
  });
}

function lengthMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}
