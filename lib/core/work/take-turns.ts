import type { Deployment } from "../configuration/document.ts";
import { countedTokens } from "../limits/counted-tokens.ts";
import { limitOfTenant } from "../limits/rates.ts";
import type { Priority } from "../names.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import type { RateLimits } from "./rate-limits.ts";

type Work = {
  message: ShardMessage;
  payload: Payload;
  deployment: Deployment;
  /** By line: jobs that call nobody. */
  known: ReadonlyMap<number, unknown>;
};

/**
 * Which of a wave's shards do not begin now, because the limits of their tenants or deployments let others go first. A
 * function that held them would wait, at a price, for what one of them uses. A shard that has waited for its turn begins.
 */
export async function takeTurns<Some extends Work>(
  works: readonly Some[],
  deps: { limits: RateLimits; onError: (error: unknown) => void },
): Promise<Set<Some>> {
  const asking = works.filter((work) => (work.message.notBeforeMs ?? 0) === 0 && workOf(work).requests > 0);
  // A tenant's first: a deployment's turn that its shard then did not use would keep the others waiting.
  const later = await takeTurnsOf(
    asking,
    ({ message }) => (message.tenant === undefined ? undefined : limitOfTenant(message.tenant)),
    deps,
  );
  const left = asking.filter((work) => !later.has(work));
  return new Set([...later, ...(await takeTurnsOf(left, ({ deployment }) => deployment.name, deps))]);
}

async function takeTurnsOf<Some extends Work>(
  works: readonly Some[],
  limitOf: (work: Some) => string | undefined,
  { limits, onError }: { limits: RateLimits; onError: (error: unknown) => void },
): Promise<Set<Some>> {
  const later = new Set<Some>();
  const asking = new Map<string, { name: string; priority: Priority; some: Some[] }>();
  for (const work of works) {
    const name = limitOf(work);
    if (name === undefined || !limits.limits(name)) continue;
    const { priority = "normal" } = work.message;
    const key = `${priority} ${name}`;
    const alike = asking.get(key) ?? { name, priority, some: [] };
    asking.set(key, alike);
    alike.some.push(work);
  }
  for (const { name, priority, some } of asking.values()) {
    // Small shards begin together, and are counted together.
    const begin: Some[] = [];
    const sum = { requests: 0, tokens: 0 };
    for (const work of some) {
      const more = workOf(work);
      if (begin.length > 0 && !limits.fits(name, added(sum, more))) break;
      Object.assign(sum, added(sum, more));
      begin.push(work);
    }
    const begins = await limits.begin(name, sum, priority).catch((error: unknown) => {
      onError(error);
      return false;
    });
    for (const work of begins ? some.slice(begin.length) : some) later.add(work);
  }
  return later;
}

type Sum = { requests: number; tokens: number };

function workOf({ payload, deployment, known }: Work): Sum {
  const called = payload.jobs.filter(({ line }) => !known.has(line));
  const tokens = called.reduce((total, job) => total + countedTokens(job, deployment), 0);
  return { requests: called.length, tokens };
}

function added(one: Sum, other: Sum): Sum {
  return { requests: one.requests + other.requests, tokens: one.tokens + other.tokens };
}
