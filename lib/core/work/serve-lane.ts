import type { Deployment } from "../configuration/document.ts";
import type { Zone } from "../names.ts";
import type { Queue } from "../ports.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload, PayloadJob } from "../protocol/payload.ts";
import type { JobResult } from "../protocol/segment.ts";
import { placeOf } from "../protocol/shard.ts";
import type { AnswerCache, KnownAnswer } from "./answer-cache.ts";
import type { Grant } from "./budgets.ts";
import { brokenRestMs, closeShard } from "./close-shard.ts";
import type { Hop } from "./hop.ts";
import { knownAnswersOf, runKnown } from "./known-answers.ts";
import { runWithin, withGrants } from "./lane-budget.ts";
import { closeWithout } from "./lost-worker.ts";
import { claim, claimOf, type Disposition, type Owned, type OwnerDeps, release, spenderOf } from "./owner.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type JobEnd, type JobRunDeps, runJob } from "./run-job.ts";
import { loadPayload, mostPayloadBytes, outgoing, payloadBytesOf } from "./shard-message.ts";
import { takeTurns } from "./take-turns.ts";

export type LaneDeps = OwnerDeps &
  Omit<JobRunDeps, "hop" | "tenant" | "priority" | "known" | "isCancelled" | "isBudgeted"> & {
    limits: RateLimits;
    cache: AnswerCache;
    /** The lane's own queue, the one that it may have for high priority, and their dead-letter queue. */
    own: Queue;
    high?: Queue | undefined;
    dead: Queue;
    /** Whether this lane may call a deployment. */
    serves: (deployment: string) => boolean;
    /** What holds for a message planned under a policy version. */
    hopFor: (version: string, zone: Zone) => Promise<Hop>;
  };

/** A shard of which this worker is the owner. */
type Work = Owned & {
  payload: Payload;
  deployment: Deployment;
  hop: Hop;
  /** By line, answers that need no call. */
  known: ReadonlyMap<number, KnownAnswer>;
};
/** The same with what it may spend. */
type Granted = Work & { grant: Grant };

/**
 * Serves one invocation's messages of a lane: claims each shard, runs all their jobs in one pool of concurrent calls per
 * deployment, and closes each shard when its last job ends. What cannot be started in time is put back.
 */
export async function serveLane(messages: readonly ShardMessage[], deps: LaneDeps): Promise<Disposition[]> {
  const dispositions = new Map<ShardMessage, Disposition>();
  for (const wave of wavesOf(messages.filter((message) => message.alone !== true))) await serve(wave);
  // A part of a shard that killed its worker is not even claimed while anything else is at stake.
  for (const message of messages) if (message.alone === true) await serve([message]);
  return messages.map((message) => dispositions.get(message) ?? "keep");

  async function serve(some: readonly ShardMessage[]): Promise<void> {
    const admitted = await Promise.all(some.map((message) => admit(message, deps).catch(keepFor)));
    const works = admitted.filter((entry) => typeof entry !== "string");
    const later = await takeTurns(works, deps);
    const unclosed = await runWithinBudgets(
      works.filter((work) => !later.has(work)),
      deps,
    );
    // Fallback knows whether another deployment is free, and gives a turn to those that wait.
    for (const { message, shard } of later)
      await release(message, shard, deps.dead, deps).catch((error: unknown) => {
        deps.onError(error);
        unclosed.add(message);
      });
    some.forEach((message, index) => {
      const entry = admitted[index];
      const ended = unclosed.has(message) ? "keep" : "done";
      dispositions.set(message, typeof entry === "string" ? entry : ended);
    });
  }

  // What one shard meets is not its neighbours' business; its message comes again when its lease is over.
  function keepFor(error: unknown): Disposition {
    deps.onError(error);
    return "keep";
  }
}

/** Messages that run together: all of an invocation's, unless their payloads are too large for its memory. */
function wavesOf(messages: readonly ShardMessage[]): ShardMessage[][] {
  const waves: ShardMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = payloadBytesOf(message);
    const wave = waves.at(-1);
    if (wave === undefined || bytes > room) {
      waves.push([message]);
      room = mostPayloadBytes - bytes;
    } else {
      wave.push(message);
      room -= bytes;
    }
  }
  return waves;
}

async function admit(message: ShardMessage, deps: LaneDeps): Promise<Disposition | Work> {
  const nowMs = deps.clock();
  if ((message.notBeforeMs ?? 0) > nowMs) {
    await queueOf(message, deps).send([outgoing(message, nowMs, deps.random())]);
    return "done";
  }
  // Before the claim: a policy that cannot be read must not look like a lost worker.
  const hop = await deps.hopFor(message.policy, message.zone);
  const claimed = await claim(message, deps);
  if (claimed.kind === "not-mine") return claimed.disposition;
  const owned = { message, shard: claimed.shard, chunk: claimed.chunk };
  try {
    return await begin(owned, hop, deps);
  } catch (error) {
    deps.onError(error);
    // The lease that ran out is what tells the next owner of one that was lost, and of what it paid for.
    if (owned.shard.foundLeaseMs > 0) return "keep";
    await release({ ...message, notBeforeMs: nowMs + brokenRestMs }, owned.shard, queueOf(message, deps), deps);
    return "done";
  }
}

/** The queue of this lane that a message is of. */
function queueOf({ priority }: ShardMessage, { own, high = own }: LaneDeps): Queue {
  return priority === "high" ? high : own;
}

/** What there is to do with a claimed shard: its work, unless it was closed or belongs elsewhere. */
async function begin(owned: Owned, hop: Hop, deps: LaneDeps): Promise<Disposition | Work> {
  const { message, shard } = owned;
  if (await closeWithout(owned, deps)) return "done";
  const deployment = hop.deployments[shard.deployment];
  if (placeOf(shard) === "fallback" || deployment === undefined || !deps.serves(shard.deployment)) {
    await release(message, shard, deps.dead, deps);
    return "done";
  }
  const work = { ...owned, payload: await loadPayload(message, deps.objects), deployment, hop };
  return { ...work, known: await knownAnswersOf(work, deps) };
}

/** Reserves what shards may cost, runs them, and settles what they did; gives the messages of those that are not done. */
async function runWithinBudgets(works: readonly Work[], deps: LaneDeps): Promise<Set<ShardMessage>> {
  let granted: Granted[];
  try {
    granted = await withGrants(works, deps.budgets);
  } catch (error) {
    deps.onError(error);
    return putBackAll(works, deps);
  }
  const unclosed = await runPool(granted, deps);
  // After the commits: a message whose shard is closed comes again until this is done too.
  const closed = granted.filter(({ message }) => !unclosed.has(message));
  try {
    await deps.budgets.settle(closed.map(({ grant }) => ({ grant, costNanoUsd: grant.purse.spentNanoUsd })));
  } catch (error) {
    deps.onError(error);
    for (const { message } of closed) unclosed.add(message);
  }
  return unclosed;
}

/** Gives back shards of which nothing was begun; gives the messages of those that could not be. */
async function putBackAll(works: readonly Work[], deps: LaneDeps): Promise<Set<ShardMessage>> {
  const unclosed = new Set<ShardMessage>();
  const notBeforeMs = deps.clock() + brokenRestMs;
  for (const work of works) {
    const { message, shard } = work;
    try {
      // A reservation may have been made although its answer was lost: whoever comes after a release looks for none.
      await deps.budgets.settleEarlier(claimOf(work), spenderOf(work), async (fence) =>
        fence === shard.fence ? 0 : undefined,
      );
      await release({ ...message, notBeforeMs }, shard, queueOf(message, deps), deps);
    } catch (error) {
      deps.onError(error);
      unclosed.add(message);
    }
  }
  return unclosed;
}

/**
 * Runs the jobs of many shards together; each deployment has its own number of calls in flight, which its tenants share.
 * Gives the messages whose shards could not be closed.
 */
async function runPool(shards: readonly Granted[], deps: LaneDeps): Promise<Set<ShardMessage>> {
  const unclosed = new Set<ShardMessage>();
  type Task = { owned: Granted; job: PayloadJob; end: (end: JobEnd) => void };
  const waiting = new Map<string, Task[]>();
  const closing = shards.map(async (owned) => {
    const ends = await Promise.all(
      owned.payload.jobs.map(
        (job) =>
          new Promise<JobEnd>((end) => {
            // By tenant as well: one that waits for its own limits leaves runners to the others.
            const key = JSON.stringify([owned.deployment.name, owned.message.tenant]);
            const tasks = waiting.get(key) ?? [];
            waiting.set(key, tasks);
            tasks.push({ owned, job, end });
          }),
      ),
    );
    try {
      const queues = { own: queueOf(owned.message, deps), dead: deps.dead };
      const closed = await closeShard(owned, ends, queues, deps);
      // That its answers cannot be remembered undoes nothing.
      if (closed !== undefined) await deps.cache.keep(owned, closed.name, closed.segment).catch(deps.onError);
    } catch (error) {
      deps.onError(error);
      unclosed.add(owned.message);
    }
  });
  const runners = [...waiting.values()].flatMap((tasks) => {
    const concurrency = Math.min(tasks[0]?.owned.deployment.concurrency ?? 1, tasks.length);
    let next = 0;
    return Array.from({ length: concurrency }, async () => {
      for (let task = tasks[next++]; task !== undefined; task = tasks[next++]) {
        const route = task.owned.payload.routes[task.job.route];
        if (route === undefined) throw new Error("A job names a route that its payload does not hold.");
        const { owned, job } = task;
        const { message, deployment, hop, chunk, grant } = owned;
        const isCancelled = () => deps.cancellations.has(chunk.batch);
        const isBudgeted = grant.refusal !== undefined;
        const { tenant, priority } = message;
        const run = (known?: JobResult) =>
          runJob(job, route, deployment, { ...deps, hop, tenant, priority, known, isCancelled, isBudgeted });
        task.end(
          owned.known.has(job.line)
            ? await runKnown(owned, job, run, deps)
            : await runWithin(owned, job, route, { clock: deps.clock, isCancelled }, run),
        );
      }
    });
  });
  await Promise.all([...runners, ...closing]);
  return unclosed;
}
