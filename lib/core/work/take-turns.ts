import type { Deployment } from "../configuration/document.ts";
import { countedTokens } from "../limits/counted-tokens.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import type { RateLimits } from "./rate-limits.ts";

type Work = { message: ShardMessage; payload: Payload; deployment: Deployment };

/**
 * Which of a wave's shards do not begin now, because the limits of their deployments let others go first. A function
 * that held them would wait, at a price, for what one of them uses. A shard that has waited for its turn begins.
 */
export async function takeTurns<Some extends Work>(
  works: readonly Some[],
  { limits, onError }: { limits: RateLimits; onError: (error: unknown) => void },
): Promise<Set<Some>> {
  const later = new Set<Some>();
  const asking = new Map<string, Some[]>();
  for (const work of works) {
    const { name } = work.deployment;
    const hasWaited = (work.message.notBeforeMs ?? 0) > 0;
    if (limits.limits(name) && !hasWaited) asking.set(name, [...(asking.get(name) ?? []), work]);
  }
  for (const [deployment, some] of asking) {
    // Small shards begin together, and are counted together.
    const begin: Some[] = [];
    const sum = { requests: 0, tokens: 0 };
    for (const work of some) {
      const more = workOf(work);
      if (begin.length > 0 && !limits.fits(deployment, added(sum, more))) break;
      Object.assign(sum, added(sum, more));
      begin.push(work);
    }
    const begins = await limits.begin(deployment, sum).catch((error: unknown) => {
      onError(error);
      return false;
    });
    for (const work of begins ? some.slice(begin.length) : some) later.add(work);
  }
  return later;
}

type Sum = { requests: number; tokens: number };

function workOf({ payload, deployment }: Work): Sum {
  const tokens = payload.jobs.reduce((total, job) => total + countedTokens(job, deployment), 0);
  return { requests: payload.jobs.length, tokens };
}

function added(one: Sum, other: Sum): Sum {
  return { requests: one.requests + other.requests, tokens: one.tokens + other.tokens };
}
