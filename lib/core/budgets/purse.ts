/**
 * What one shard has reserved, while its jobs spend it. A job starts when what it may cost is there; what it did not use
 * is there for the next. So a shard that got less than it asked for runs its jobs a few at a time, and no call can cost
 * what was not reserved.
 */
export class Purse {
  #leftNanoUsd: number;
  #spentNanoUsd = 0;
  #inFlight = 0;
  #waiting: (() => void)[] = [];

  /** @param reservedNanoUsd `Infinity` where no budget holds */
  constructor(reservedNanoUsd: number) {
    this.#leftNanoUsd = reservedNanoUsd;
  }

  /** Whether any budget holds for the shard. */
  get isLimited(): boolean {
    return this.#leftNanoUsd !== Number.POSITIVE_INFINITY;
  }

  /** What its jobs were charged. */
  get spentNanoUsd(): number {
    return this.#spentNanoUsd;
  }

  /** Takes what a job may cost; waits for other jobs of the shard to give back, and is false when none can. */
  async take(nanoUsd: number): Promise<boolean> {
    while (this.#leftNanoUsd < nanoUsd) {
      if (this.#inFlight === 0) return false;
      await new Promise<void>((wake) => this.#waiting.push(wake));
    }
    this.#leftNanoUsd -= nanoUsd;
    this.#inFlight += 1;
    return true;
  }

  /** A job that had taken `nanoUsd` ended, and was charged `costNanoUsd`. */
  giveBack(nanoUsd: number, costNanoUsd: number): void {
    this.#leftNanoUsd += nanoUsd - costNanoUsd;
    this.#spentNanoUsd += costNanoUsd;
    this.#inFlight -= 1;
    for (const wake of this.#waiting.splice(0)) wake();
  }
}
