/** The processes of one function, as far as others are concerned. */
export type Pool = {
  /** Processes that run or are starting. */
  size(): number;
  hasIdle(): boolean;
  /** Kills one idle process. */
  evict(): void;
};

/** Bounds the processes of the whole machine, and how many start at a time. */
export type ProcessBudget = {
  register(pool: Pool): void;
  /** Whether the pool may start one more process, perhaps in place of another pool's idle one. */
  hasRoom(pool: Pool): boolean;
  /** The same, and makes the room. */
  makeRoom(pool: Pool): boolean;
  /** Runs the start of a process once few enough others are starting. */
  starting<T>(start: () => Promise<T>): Promise<T>;
  /** To be called when a process of any pool became idle or ended: there may be room for others. */
  changed(): void;
  /** Resolves at the next change. */
  nextChange(): Promise<void>;
};

/**
 * Starting Node and loading a bundle takes a core for about 0.2 s, so few starts run at a time; and every process holds
 * 70 MB or more, so that beyond the first of each function there are at most `limit`. The first is exempt: were every
 * place taken by lanes that wait for their providers, the function that feeds or empties them could never run.
 */
export function createProcessBudget(limit: number, startsAtOnce: number): ProcessBudget {
  const pools: Pool[] = [];
  const waiting: (() => void)[] = [];
  let change = Promise.withResolvers<void>();
  let starts = 0;

  const withinLimit = (pool: Pool): boolean =>
    pool.size() === 0 || pools.reduce((sum, each) => sum + Math.max(0, each.size() - 1), 0) < limit;
  const evictable = (pool: Pool): Pool | undefined =>
    pools.find((other) => other !== pool && other.size() > 1 && other.hasIdle());

  return {
    register(pool) {
      pools.push(pool);
    },
    hasRoom: (pool) => withinLimit(pool) || evictable(pool) !== undefined,
    makeRoom(pool) {
      if (withinLimit(pool)) return true;
      const other = evictable(pool);
      other?.evict();
      return other !== undefined;
    },
    async starting(start) {
      if (starts >= startsAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
      else starts += 1;
      try {
        return await start();
      } finally {
        // The place goes to who waits longest, or is free again.
        const next = waiting.shift();
        if (next === undefined) starts -= 1;
        else next();
      }
    },
    changed() {
      change.resolve();
      change = Promise.withResolvers();
    },
    nextChange: () => change.promise,
  };
}
