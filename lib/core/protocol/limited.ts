const most = 35;

/**
 * Adds to the digits that say how often each of a shard's jobs was refused for a rate limit. Such an attempt costs
 * nothing and there may be thousands of them, so they are counted in the item and never close a shard.
 * @param counts one a job, in the shard's order
 */
export function addLimited(digits: string | undefined, counts: readonly number[]): string {
  return counts.map((count, at) => Math.min(most, count + limitedAt(digits, at)).toString(36)).join("");
}

/** How often the job at a place was refused for a rate limit. */
export function limitedAt(digits: string | undefined, at: number): number {
  return Number.parseInt(digits?.[at] ?? "0", 36);
}
