import type { FailureKind } from "../failure.ts";

/** How many calls of one deployment a worker has in flight at most, and what it knows of how many are good for it. */
export type Concurrency = {
  calls: number;
  /** Up to here it grows fast, beyond it by one a round of answers. */
  threshold: number;
  /** Outcomes of calls that were in flight when it was cut last: they say nothing new. */
  stale: number;
};

/**
 * Calls in flight that a deployment gets before it has answered any; each answer makes room for more. So a dead one is
 * called a few times, not by everything that its concurrency allows.
 */
const unprovenCalls = 4;
const roomPerAnswer = 2;

export const unproven: Concurrency = { calls: unprovenCalls, threshold: Number.POSITIVE_INFINITY, stale: 0 };

/**
 * What the outcome of a call makes of it: additive increase, multiplicative decrease, as TCP does with congestion. Answers
 * add to it, up to `most`; a rate limit or overload halves it, once for all calls that were in flight.
 * Source: RFC 5681, "TCP Congestion Control", slow start and congestion avoidance.
 * @param inFlight calls that have not ended, this one left out
 */
export function afterOutcome(
  now: Concurrency,
  outcome: "ok" | FailureKind,
  inFlight: number,
  most: number,
): Concurrency {
  const stale = Math.max(0, now.stale - 1);
  switch (outcome) {
    case "ok": {
      const grown = now.calls < now.threshold ? now.calls + roomPerAnswer : now.calls + 1 / now.calls;
      return { ...now, calls: Math.min(most, grown), stale };
    }
    case "rate-limited":
    case "overloaded": {
      // One that was alone was not too many.
      if (now.stale > 0 || inFlight === 0) return { ...now, stale };
      // What was in flight was too much, not what might have been.
      const calls = Math.max(1, Math.min(now.calls, inFlight + 1) / 2);
      return { calls, threshold: calls, stale: inFlight };
    }
    default:
      return { ...now, stale };
  }
}

/**
 * After a rest for failures: it has to answer first, and then grows fast to where it was before, or was cut to. Calls
 * that are still in flight are what failed.
 */
export function afterRest({ calls, threshold }: Concurrency, inFlight: number): Concurrency {
  return { calls: Math.min(calls, unprovenCalls), threshold, stale: inFlight };
}
