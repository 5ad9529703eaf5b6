import { decodeHold, type Ledger, mostHeld } from "./ledger.ts";

/** What a shard asks of a budget: for all its jobs, and at least for the cheapest of them. */
export type Ask = { key: string; nanoUsd: number; leastNanoUsd: number };

/** What it gets: 0 is nothing. `isOpen`: it has that already, from a try whose answer was lost. */
export type Share = { nanoUsd: number; isOpen: boolean };

/**
 * Divides what a ledger has left among shards, first come, first served: each as much as it asks, the one at which it
 * runs out what is left, if that is enough for one of its jobs.
 */
export function shareOut(ledger: Ledger, limitNanoUsd: number, asks: readonly Ask[]): Share[] {
  let left = limitNanoUsd - ledger.takenNanoUsd;
  let places = mostHeld - ledger.held;
  return asks.map(({ key, nanoUsd, leastNanoUsd }) => {
    const open = ledger.open[key];
    if (open !== undefined) return { nanoUsd: decodeHold(open).nanoUsd, isOpen: true };
    const share = Math.min(nanoUsd, left);
    if (share <= 0 || share < leastNanoUsd || places === 0) return { nanoUsd: 0, isOpen: false };
    left -= share;
    places -= 1;
    return { nanoUsd: share, isOpen: false };
  });
}
