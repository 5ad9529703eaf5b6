/**
 * A clock that tests move: sleepers wake in the order of their times, whoever is due first, and between two of them all
 * that can run does.
 */
export function virtualTime(startMs: number) {
  let nowMs = startMs;
  let number = 0;
  const sleepers: { atMs: number; number: number; wake: () => void }[] = [];
  return {
    clock: () => nowMs,
    sleep: (ms: number) =>
      new Promise<void>((wake) => {
        number += 1;
        sleepers.push({ atMs: nowMs + Math.max(0, ms), number, wake });
      }),
    /** Runs until nobody sleeps any more, or until a time. */
    async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
      for (;;) {
        await new Promise(setImmediate);
        sleepers.sort((a, b) => a.atMs - b.atMs || a.number - b.number);
        const next = sleepers[0];
        if (next === undefined || next.atMs > untilMs) return;
        sleepers.shift();
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
      }
    },
  };
}
