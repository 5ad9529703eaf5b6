/** Latencies in buckets that grow by 2 %: any number of them in bounded memory, percentiles within 1 %. */
export class LatencyHistogram {
  readonly #buckets = new Map<number, number>();
  #count = 0;

  add(latencyMs: number): void {
    const bucket = latencyMs < 1 ? 0 : 1 + Math.floor(Math.log(latencyMs) / logGrowth);
    this.#buckets.set(bucket, (this.#buckets.get(bucket) ?? 0) + 1);
    this.#count += 1;
  }

  /** The latency in milliseconds that a share of all are at or under; 0 when there are none. */
  percentileMs(share: number): number {
    let rank = Math.ceil(share * this.#count);
    for (const [bucket, count] of [...this.#buckets].toSorted(([a], [b]) => a - b)) {
      rank -= count;
      if (rank <= 0) return bucket === 0 ? 0 : Math.round(growth ** (bucket - 0.5));
    }
    return 0;
  }
}

const growth = 1.02;
const logGrowth = Math.log(growth);
