import type { Routed } from "../../../lib/core/decision.ts";
import type { FailureKind } from "../../../lib/core/failure.ts";
import { nextStep, type Standing } from "../../../lib/core/fallback.ts";
import { features } from "../../../lib/core/features.ts";
import type { PayloadJob, PayloadRoute } from "../../../lib/core/protocol/payload.ts";
import type { ProviderOutcome } from "../../../lib/core/provider.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { type Compiled, createHop, type Hop } from "../../../lib/core/work/hop.ts";
import { sizesOf } from "../../../lib/core/work/router.ts";
import { runJob } from "../../../lib/core/work/run-job.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { noLimits } from "../../fakes/no-limits.ts";
import { type Given, needsOf } from "./expected-decision.ts";
import type { JobDraft } from "./job-arbitrary.ts";
import { isSamePlace, mayHop, mustRedact } from "./oracle.ts";
import { sortOf } from "./outcomes.ts";
import type { Tally } from "./tally.ts";
import { Violation } from "./violation.ts";
import type { Written } from "./written.ts";

export type Hopping = {
  /** As it was planned, and as it is when the job hops. */
  written: Written;
  later: Written;
  given: Given;
  decision: Routed;
  draft: JobDraft;
  planned: Compiled;
  current: Compiled;
};

/** Hops that one job makes at most; it fails on each. */
const mostHops = 6;

/**
 * Takes a routed job from deployment to deployment, as lanes and fallback do, while time passes and another version of the
 * policy becomes current: nobody may be called, or come next, whom either version forbids.
 */
export async function checkHops(hopping: Hopping, tally: Tally): Promise<void> {
  const { written, later, given, decision, draft, planned, current } = hopping;
  const { job } = given;
  const { needs, ...sizes } = sizesOf(features(job.body));
  const route: PayloadRoute = {
    tier: decision.tier,
    chain: decision.chain,
    dataClass: decision.dataClass,
    ...(decision.residency !== undefined && { residency: decision.residency }),
    needs,
    ...(decision.detection === "done" && { redactable: true as const }),
    deadlineMs: given.atMs + 1000 * 86_400_000,
  };
  let nowMs = given.atMs;
  const clock = () => nowMs;
  const asked = {
    dataClass: decision.dataClass,
    residency: decision.residency,
    needs: needsOf(job),
    lookedThrough: given.detection?.kind === "found",
    zone: decision.zone,
    home: given.home,
  };
  /** By the design, under both versions. */
  const allowed = (name: string) =>
    mayHop(written, name, asked, nowMs) && mayHop(later, name, asked, nowMs) && isSamePlace(written, later, name);

  const atOnce = createHop(planned, () => planned, decision.zone, clock);
  for (const name of decision.chain) {
    const reason = atOnce.forbidden(route, name);
    if (reason !== undefined) throw new Violation(`${name} is in the chain and forbidden at the first hop: ${reason}`);
  }
  const hop = createHop(planned, () => current, decision.zone, clock);
  nowMs += draft.hopsMs;
  compareAll(hopping, hop, route, allowed, nowMs, tally);

  const calls: FailureKind[] = [...draft.failures];
  const gate = new Gate({
    clock,
    sleep: async (ms) => {
      nowMs += ms;
    },
    cooldowns: memoryCooldowns(),
    limits: noLimits(clock),
    policy: () => planned.document.policy.cooldown,
    concurrency: () => 4,
  });
  const payloadJob: PayloadJob = { line: job.line, route: 0, ...sizes, body: job.body };
  let standing: Standing = { chain: decision.chain, excluded: {}, round: 0, deadlineMs: route.deadlineMs };
  let deployment = decision.chain[0] ?? "";
  for (let hops = 0; hops < mostHops; hops++) {
    const target = hop.deployments[deployment];
    if (target === undefined) throw new Violation(`${deployment} is next and not in the plan's policy`);
    const end = await runJob(payloadJob, route, target, {
      clock,
      random: () => 0.5,
      sleep: async (ms) => {
        nowMs += ms;
      },
      remainingMs: () => 300_000,
      gate,
      hop,
      isCancelled: async () => false,
      provider: async ({ name }) => ({
        call: async (): Promise<ProviderOutcome> => {
          if (!allowed(name)) throw new Violation(`${name} is called and may not see the job`);
          tally.count("calls");
          const kind = calls[0] ?? "server-error";
          if (calls.length > 1) calls.shift();
          nowMs += 50;
          return { kind: "failed", error: { kind, detail: "500" } };
        },
        close: async () => {},
      }),
      onAttempt: () => {},
      // Whatever a call throws is a fault of ours here.
      onError: (error) => {
        throw error;
      },
    });
    tally.count(
      `hop: ${end.kind}${end.kind === "goes-on" && end.refused !== undefined ? ", forbidden before the call" : ""}`,
    );
    if (end.kind === "done") return;
    if (end.kind === "goes-on") standing = { ...standing, excluded: { ...standing.excluded, ...end.exclude } };
    nowMs += draft.hopsMs;

    const known = new Map(
      await Promise.all(standing.chain.map(async (name) => [name, await gate.availability(name)] as const)),
    );
    const step = nextStep(standing, {
      nowMs,
      maxRounds: hop.policy.maxRounds,
      waitMs: 1000,
      patienceMs: 20_000,
      roundRestMs: 5000,
      forbidden: (name) => hop.forbidden(route, name),
      availability: (name) => known.get(name) ?? { kind: "available" },
    });
    tally.count(`next step: ${step.kind === "end" ? `ends as ${step.error.code}` : step.kind}`);
    const open = decision.chain.filter(allowed);
    if (step.kind === "end") {
      if ((step.error.code === "policy-denied") !== (open.length === 0))
        throw new Violation(`ends as ${step.error.code} while ${open.length} of its chain may see it`);
      return;
    }
    if (!open.includes(step.deployment))
      throw new Violation(`goes on to ${step.deployment}, which may not see the job`);
    if (step.kind === "wait") nowMs = step.untilMs;
    deployment = step.deployment;
    standing = { ...standing, round: step.round, excluded: step.excluded };
  }
}

/** Every deployment of either version, in the chain or not: forbidden exactly where the design forbids it. */
function compareAll(
  { written, later, decision }: Hopping,
  hop: Hop,
  route: PayloadRoute,
  allowed: (name: string) => boolean,
  nowMs: number,
  tally: Tally,
): void {
  for (const name of new Set([...Object.keys(written.deployments), ...Object.keys(later.deployments)])) {
    const reason = hop.forbidden(route, name);
    if ((reason === undefined) !== allowed(name))
      throw new Violation(`${name} is ${reason === undefined ? "allowed on a hop" : `forbidden on a hop: ${reason}`}`);
    if (reason !== undefined && decision.chain.includes(name)) tally.count(`forbidden on a hop: ${sortOf(reason)}`);
    const deployment = hop.deployments[name];
    if (reason !== undefined || deployment === undefined) continue;
    const must = [written, later].some((version) => mustRedact(version, name, decision.dataClass, nowMs));
    if (must && !hop.redacts(decision.dataClass, deployment))
      throw new Violation(`${name} is an external call of a class that is redacted, and is not redacted`);
    if (must) tally.count("redacted calls");
  }
}
