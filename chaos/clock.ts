/** How a process's time goes: Unix milliseconds when all clocks said the same, how many times faster, and how far off. */
export type ClockSetting = {
  startMs: number;
  speed: number;
  skewMs: number;
  /** Delays that stay as long as they are in the world: for what is answered in the world's time. @default none */
  worldDelaysMs?: readonly number[] | undefined;
};

/**
 * Lets this process live faster than the world: `Date`, `performance.now`, timeouts and intervals all go by the setting,
 * so that time-outs, leases and visibilities keep their proportions and a run takes minutes. To be called once, before
 * anything that asks for the time; Node's own sockets and threads keep the world's.
 */
export function runClock({ startMs, speed, skewMs, worldDelaysMs = [] }: ClockSetting): void {
  const realNow = Date.now.bind(Date);
  const realPerformanceNow = performance.now.bind(performance);
  const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;
  // Whole milliseconds, as the real one's.
  const now = (): number => Math.floor(startMs + (realNow() - startMs) * speed + skewMs);

  const FastDate = new Proxy(Date, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
  replace(globalThis, "Date", FastDate);
  replace(performance, "now", () => realPerformanceNow() * speed);
  replace(globalThis, "setTimeout", (callback: () => void, delayMs = 0, ...given: []) =>
    realSetTimeout(callback, worldDelaysMs.includes(delayMs) ? delayMs : delayMs / speed, ...given),
  );
  replace(globalThis, "setInterval", (callback: () => void, delayMs = 0, ...given: []) =>
    realSetInterval(callback, delayMs / speed, ...given),
  );
}

function replace(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: true, configurable: true });
}
