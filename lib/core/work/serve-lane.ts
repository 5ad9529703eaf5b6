import type { Deployment } from "../configuration/document.ts";
import type { Zone } from "../names.ts";
import type { Queue } from "../ports.ts";
import type { Move } from "../protocol/chunk.ts";
import { addLimited } from "../protocol/limited.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import { copiesOf, type Payload, type PayloadJob } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { type Segment, type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { childId, type Exclusions, freshShard, placeOf, type Shard } from "../protocol/shard.ts";
import type { AnswerCache, KnownAnswer } from "./answer-cache.ts";
import type { Hop } from "./hop.ts";
import { closeWithout } from "./lost-worker.ts";
import { claim, type Disposition, type Owned, type OwnerDeps, release, writeAndCommit } from "./owner.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type JobEnd, type JobRunDeps, runJob } from "./run-job.ts";
import { inlineLimitBytes, loadPayload, outgoing } from "./shard-message.ts";
import { takeTurns } from "./take-turns.ts";

export type LaneDeps = OwnerDeps &
  Omit<JobRunDeps, "hop" | "tenant" | "priority" | "known" | "isCancelled"> & {
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

/** How long a shard rests after broken infrastructure, milliseconds. */
const brokenRestMs = 30_000;

/** A shard of which this worker is the owner. */
type Work = Owned & {
  payload: Payload;
  deployment: Deployment;
  hop: Hop;
  /** By line, answers that need no call. */
  known: ReadonlyMap<number, KnownAnswer>;
};

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
    const unclosed = await runPool(
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

/** Payloads held at once; an object of unknown size is taken to be as large as it may be. */
const mostPayloadBytes = 16 * 1024 * 1024;
const largestPayloadBytes = 8 * 1024 * 1024;

/** Messages that run together: all of an invocation's, unless their payloads are too large for its memory. */
function wavesOf(messages: readonly ShardMessage[]): ShardMessage[][] {
  const waves: ShardMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = message.payload.kind === "object" ? (message.payload.bytes ?? largestPayloadBytes) : inlineLimitBytes;
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
    await release({ ...message, notBeforeMs: nowMs + brokenRestMs }, owned.shard, queueOf(message, deps), deps);
    return "done";
  }
}

/** That nothing can be looked up now stops no job. */
async function knownOf(work: Omit<Work, "known">, { cache, onError }: LaneDeps): Promise<Work["known"]> {
  try {
    return await cache.find(work);
  } catch (error) {
    onError(error);
    return new Map();
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
  return { ...work, known: await knownOf(work, deps) };
}

/**
 * Runs the jobs of many shards together; each deployment has its own number of calls in flight, which its tenants share. Gives the messages whose
 * shards could not be closed.
 */
async function runPool(shards: readonly Work[], deps: LaneDeps): Promise<Set<ShardMessage>> {
  const unclosed = new Set<ShardMessage>();
  type Task = { owned: Work; job: PayloadJob; end: (end: JobEnd) => void };
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
      await close(owned, ends, deps);
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
        const { message, deployment, hop, chunk } = task.owned;
        const isCancelled = () => deps.cancellations.has(chunk.batch);
        const { tenant, priority } = message;
        const { owned, job } = task;
        const known = () => deps.cache.stillGood(owned, job, owned.known.get(job.line));
        task.end(await runJob(job, route, deployment, { ...deps, hop, tenant, priority, known, isCancelled }));
      }
    });
  });
  await Promise.all([...runners, ...closing]);
  return unclosed;
}

/** Closes a shard: writes its segment, commits it, sends what follows. A whole shard that was not begun is released. */
async function close(owned: Work, ends: readonly JobEnd[], deps: LaneDeps): Promise<void> {
  const { message, shard } = owned;
  // Broken infrastructure is not knocked at again at once.
  const broken = ends.some((end) => end.kind === "put-back" && end.broken === true);
  const notBeforeMs = broken ? deps.clock() + brokenRestMs : 0;
  if (ends.every((end) => end.kind === "put-back" && end.attempts.length === 0))
    return release({ ...message, notBeforeMs }, shard, queueOf(message, deps), deps);
  if (ends.every((end) => end.kind === "cooling" || (end.kind === "put-back" && end.attempts.length === 0)))
    return release(message, shard, deps.dead, deps, limitsOf(shard, ends));

  const { segment, detour } = segmentFor(owned, ends, notBeforeMs, deps.clock());
  const counts = await writeAndCommit(owned, segment, deps, detour);
  // The shard is closed: that its answers cannot be remembered undoes nothing.
  if (counts) await deps.cache.keep(owned, String(shard.fence), segment).catch(deps.onError);
}

/** The rate limits that a shard met: all that happened to it, and it cost nothing, so they are only counted. */
function limitsOf(shard: Shard, ends: readonly JobEnd[]): Move | undefined {
  const counts = ends.map(({ attempts }) => attempts.reduce((sum, { count }) => sum + (count ?? 1), 0));
  if (counts.every((count) => count === 0)) return undefined;
  const before = shard.limited?.[shard.deployment];
  return { limited: { ...shard.limited, [shard.deployment]: addLimited(before, counts) } };
}

function segmentFor(
  owned: Work,
  ends: readonly JobEnd[],
  notBeforeMs: number,
  nowMs: number,
): { segment: Segment; detour: Set<string> } {
  const { message, shard, payload, hop } = owned;
  const records: SegmentRecord[] = [];
  const groups = new Map<string, { excluded: Exclusions; toFallback: boolean; indices: number[] }>();
  ends.forEach((end, index) => {
    const job = payload.jobs[index];
    if (job === undefined) return;
    if (end.kind === "done") {
      const { attempts, result } = end;
      records.push({ line: job.line, attempts, result, ...copiesOf(payload.copies, job.line) });
    } else {
      const refused = end.kind === "goes-on" && end.refused !== undefined ? { refused: end.refused } : {};
      if (end.attempts.length > 0 || "refused" in refused)
        records.push({ line: job.line, attempts: end.attempts, ...refused });
      const excluded = end.kind === "goes-on" ? { ...shard.excluded, ...end.exclude } : shard.excluded;
      const key = `${end.kind} ${JSON.stringify(Object.entries(excluded).toSorted())}`;
      const group = groups.get(key) ?? { excluded, toFallback: end.kind === "cooling", indices: [] };
      groups.set(key, group);
      group.indices.push(index);
    }
  });
  const detour = new Set<string>();
  const children: Record<string, Shard> = {};
  for (const { excluded, toFallback, indices } of groups.values()) {
    const id = childId(message.shard, Object.keys(children).length);
    if (toFallback) detour.add(id);
    children[id] = freshShard({
      deployment: shard.deployment,
      zone: shard.zone,
      lines: indices.length,
      pick: encodePick(indices, payload.jobs.length),
      round: shard.round,
      excluded,
      ...(shard.alone === true ? { alone: shard.alone } : {}),
      ...(notBeforeMs > 0 ? { notBeforeMs } : {}),
    });
  }
  return { segment: segmentOf(records, children, { atMs: nowMs, policies: [...hop.versions] }), detour };
}
