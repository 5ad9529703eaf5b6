import type { Availability } from "../cooldown.ts";
import type { Rejection } from "../decision.ts";
import { lastTry, type NextStep, nextStep } from "../fallback.ts";
import { countedTokens } from "../limits/counted-tokens.ts";
import { limitOfTenant } from "../limits/rates.ts";
import type { Priority, Zone } from "../names.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import { copiesOf, type Payload } from "../protocol/payload.ts";
import { encodePick } from "../protocol/pick.ts";
import { type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { childId, freshShard, type Shard } from "../protocol/shard.ts";
import { auditMove } from "./audit.ts";
import type { Gate } from "./gate.ts";
import type { Hop } from "./hop.ts";
import { closeWithout } from "./lost-worker.ts";
import { claim, type Disposition, type OwnerDeps, release, writeAndCommit } from "./owner.ts";
import type { RateLimits } from "./rate-limits.ts";
import { loadPayload } from "./shard-message.ts";

export type FallBackDeps = OwnerDeps & {
  gate: Gate;
  limits: RateLimits;
  hopFor: (version: string, zone: Zone) => Promise<Hop>;
  /** Jobs moved to another deployment, for metrics. */
  onMoved: (from: string, to: string, jobs: number) => void;
};

/** How soon and how seldom a shard looks again while every deployment rests, milliseconds. */
const firstLookMs = 1000;
const longestLookMs = 30_000;

/**
 * Takes one dead letter of a lane: claims its shard like any worker and moves each job to the next deployment in its
 * chain that is allowed, not cooling and not over its limits. A shard that stays whole is released to its next lane; one whose jobs part is
 * closed with children.
 */
export async function fallBack(message: ShardMessage, deps: FallBackDeps): Promise<Disposition> {
  // Before the claim: a policy that cannot be read must not look like a lost worker.
  const hop = await deps.hopFor(message.policy, message.zone);
  const claimed = await claim(message, deps);
  if (claimed.kind === "not-mine") return claimed.disposition;
  const { shard, chunk } = claimed;
  const owned = { message, shard, chunk };
  if (await closeWithout(owned, deps)) return "done";

  const payload = await loadPayload(message, deps.objects);
  const tenant = message.tenant === undefined ? undefined : limitOfTenant(message.tenant);
  const asking = { tenant, priority: message.priority };
  const steps = await stepsOf(shard, asking, payload, hop, deps);
  const refused = refusedOf(payload, hop);
  const groups = await giveTurns(groupSteps(steps), asking, payload, hop, deps);
  const [only] = groups;
  if (only !== undefined && groups.length === 1 && only.step.kind !== "end") {
    const { deployment, round, excluded } = only.step;
    moved(shard, only.step, shard.lines, deps);
    const notBeforeMs = only.step.kind === "wait" ? only.step.untilMs : 0;
    const lane = deps.lanes.queueFor(deployment, "lane", shard.zone, message.priority);
    const move = { deployment, round, excluded, notBeforeMs };
    // Also what goes on where it was is recorded, unless it waits: its move may have been released and not recorded.
    const isRecorded =
      deployment !== shard.deployment || only.step.kind === "go" || refused.some(({ length }) => length > 0);
    await release({ ...message, notBeforeMs }, shard, lane, deps, move, async () => {
      if (!isRecorded) return;
      const place = { chunkId: message.chunk, chunk, shard: message.shard, objects: deps.objects };
      const jobs = payload.jobs.map(({ line, route }) => ({ line, refused: refused[route] ?? [] }));
      await auditMove({ ...place, name: String(shard.fence) }, deployment, hop.versions, jobs, deps.clock());
    });
    return "done";
  }
  const header = { atMs: deps.clock(), policies: [...hop.versions] };
  const { records, children } = partsFor(message, shard, payload, steps, groups, refused, deps);
  await writeAndCommit(owned, segmentOf(records, children, header), deps);
  return "done";
}

/** By route, the deployments of its chain that policy forbids now. */
function refusedOf({ routes }: Payload, hop: Hop): Rejection[][] {
  return routes.map((route) =>
    route.chain.flatMap((deployment) => {
      const reason = hop.forbidden(route, deployment);
      return reason === undefined ? [] : [{ deployment, reason }];
    }),
  );
}

/** `tenant` is the name of its limits. */
type Asking = { tenant: string | undefined; priority: Priority | undefined };

async function stepsOf(
  shard: Shard,
  { tenant, priority }: Asking,
  payload: Payload,
  hop: Hop,
  deps: FallBackDeps,
): Promise<NextStep[]> {
  const known = new Map<string, Availability>();
  // No other deployment is free for a tenant that is over its own limits.
  const heldUntilMs = tenant === undefined ? undefined : await deps.limits.fullUntil(tenant, priority);
  for (const name of new Set(payload.routes.flatMap((route) => route.chain)))
    known.set(name, notBefore(heldUntilMs, await deps.gate.availability(name, priority)));
  return payload.jobs.map((job) => {
    const route = payload.routes[job.route];
    if (route === undefined) throw new Error("A job names a route that its payload does not hold.");
    return nextStep(
      { chain: route.chain, excluded: shard.excluded, round: shard.round, deadlineMs: route.deadlineMs },
      {
        nowMs: deps.clock(),
        maxRounds: hop.policy.maxRounds,
        waitMs: Math.min(longestLookMs, firstLookMs * 2 ** Math.min(shard.fence >> 1, 10)),
        patienceMs: hop.policy.cooldown.maxSeconds.overload * 1000,
        roundRestMs: hop.policy.cooldown.baseSeconds * 1000,
        forbidden: (deployment) => hop.forbidden(route, deployment),
        availability: (deployment) => known.get(deployment) ?? { kind: "available" },
      },
    );
  });
}

function notBefore(heldUntilMs: number | undefined, availability: Availability): Availability {
  if (heldUntilMs === undefined) return availability;
  if (availability.kind !== "cooling" && availability.kind !== "limited")
    return { kind: "limited", untilMs: heldUntilMs };
  return { ...availability, untilMs: Math.max(availability.untilMs, heldUntilMs) };
}

type Group = { step: NextStep; indices: number[] };

/** Jobs whose next step is the same stay together. */
function groupSteps(steps: readonly NextStep[]): Group[] {
  const groups = new Map<string, Group>();
  steps.forEach((step, index) => {
    const key = JSON.stringify(step.kind === "end" ? "end" : step);
    const group = groups.get(key) ?? { step, indices: [] };
    groups.set(key, group);
    group.indices.push(index);
  });
  return [...groups.values()];
}

/** Those that wait for a deployment or tenant that is over its limits come back one after the other, each when it is its turn. */
async function giveTurns(
  groups: readonly Group[],
  { tenant, priority }: Asking,
  payload: Payload,
  hop: Hop,
  { clock, limits }: FallBackDeps,
): Promise<Group[]> {
  return Promise.all(
    groups.map(async (group) => {
      const { step, indices } = group;
      if (step.kind !== "wait" || !step.limited) return group;
      const deployment = hop.deployments[step.deployment] ?? {};
      const jobs = indices.flatMap((index) => payload.jobs[index] ?? []);
      const tokens = jobs.reduce((sum, job) => sum + countedTokens(job, deployment), 0);
      const waits = async (name: string | undefined) =>
        name === undefined || (await limits.fullUntil(name, priority)) === undefined
          ? clock()
          : limits.wait(name, { requests: jobs.length, tokens }, priority);
      const turnMs = Math.max(await waits(tenant), await waits(step.deployment));
      const lastMs = Math.min(...jobs.map(({ route }) => lastTry(payload.routes[route]?.deadlineMs ?? turnMs)));
      const untilMs = Math.ceil(Math.max(clock() + firstLookMs, Math.min(turnMs, lastMs)));
      return { indices, step: { ...step, untilMs } };
    }),
  );
}

function partsFor(
  message: ShardMessage,
  shard: Shard,
  payload: Payload,
  steps: readonly NextStep[],
  groups: readonly Group[],
  refused: readonly Rejection[][],
  deps: FallBackDeps,
): { records: SegmentRecord[]; children: Record<string, Shard> } {
  const records: SegmentRecord[] = [];
  steps.forEach((step, index) => {
    const job = payload.jobs[index];
    if (job === undefined) return;
    const ofRoute = refused[job.route] ?? [];
    const common = { line: job.line, attempts: [], ...(ofRoute.length > 0 ? { refused: ofRoute } : {}) };
    if (step.kind === "end") {
      const result = { kind: "failed", error: step.error } as const;
      records.push({ ...common, result, ...copiesOf(payload.copies, job.line) });
    } else if (ofRoute.length > 0) records.push(common);
  });
  const children: Record<string, Shard> = {};
  for (const { step, indices } of groups) {
    if (step.kind === "end") continue;
    const { deployment, round, excluded } = step;
    moved(shard, step, indices.length, deps);
    children[childId(message.shard, Object.keys(children).length)] = freshShard({
      deployment,
      round,
      excluded,
      zone: shard.zone,
      ...(shard.alone === true ? { alone: shard.alone } : {}),
      lines: indices.length,
      pick: encodePick(indices, payload.jobs.length),
      ...(step.kind === "wait" ? { notBeforeMs: step.untilMs } : {}),
    });
  }
  return { records, children };
}

function moved(shard: Shard, step: { deployment: string }, jobs: number, deps: FallBackDeps): void {
  if (step.deployment !== shard.deployment) deps.onMoved(shard.deployment, step.deployment, jobs);
}
