import type { Deployment } from "./configuration/document.ts";
import { type Availability, lookAgainMs } from "./cooldown.ts";
import type { ErrorCode, FailureKind, JobError } from "./failure.ts";
import type { Exclusions } from "./protocol/shard.ts";

/** What a failed attempt means for its job: over, on with deployments excluded, or on when the deployment has rested. */
export type AfterFailure =
  | { kind: "final"; error: JobError }
  | { kind: "goes-on"; exclude: Exclusions }
  | { kind: "rests" };

/** The failure table's column "fall back", for one failure on `deployment`. `chain` is the job's. */
export function afterFailure(
  failure: FailureKind,
  deployment: string,
  chain: readonly string[],
  deployments: Readonly<Record<string, Deployment>>,
): AfterFailure {
  switch (failure) {
    case "rate-limited":
      return { kind: "rests" };
    case "overloaded":
    case "server-error":
    case "network":
    case "timeout":
    case "worker-lost":
      return { kind: "goes-on", exclude: { [deployment]: "transient" } };
    case "auth":
    case "not-found":
    case "quota-exceeded":
      return { kind: "goes-on", exclude: { [deployment]: "permanent" } };
    case "context-too-long": {
      // Only a deployment with more context can help: all with no more are out.
      const limit = deployments[deployment]?.contextTokens ?? 0;
      const short = chain.filter((name) => name === deployment || (deployments[name]?.contextTokens ?? 0) <= limit);
      if (short.length === chain.length)
        return final("context-too-long", "The request is longer than the context of every deployment in its chain.");
      return { kind: "goes-on", exclude: Object.fromEntries(short.map((name) => [name, "permanent"])) };
    }
    case "content-filtered":
      return final("content-filtered", `The content filter of ${deployment} stopped the request or its answer.`);
    case "invalid-request":
      return final("invalid-request", `${deployment} refused the request as invalid; it would fail everywhere.`);
    case "invalid-output":
      return final("invalid-output", `${deployment} gave an answer that is not in the format that was asked for.`);
  }
}

export type NextStep =
  | { kind: "go"; deployment: string; round: number; excluded: Exclusions }
  /** Nothing may be called before `untilMs`; then `deployment` is first. `limited`: it is well, others are before it. */
  | { kind: "wait"; deployment: string; untilMs: number; limited: boolean; round: number; excluded: Exclusions }
  | { kind: "end"; error: JobError };

export type Standing = {
  chain: readonly string[];
  excluded: Exclusions;
  round: number;
  deadlineMs: number;
};

export type Surroundings = {
  nowMs: number;
  maxRounds: number;
  /** How long a job waits at least when all are resting: who has waited often looks less often. */
  waitMs: number;
  /** How long the rests of an outage are at most: so much longer a job waits for the deployment that it prefers. */
  patienceMs: number;
  /**
   * The measure of how long a job rests between rounds when no cooldown says longer: twice that after the first round,
   * and doubling. With the defaults, its five rounds take two and a half minutes, so that it outlives an outage of two
   * though it is alone and has to probe every time.
   */
  roundRestMs: number;
  /** Why policy forbids a deployment now, under the batch's version or the current one; undefined when allowed. */
  forbidden(deployment: string): string | undefined;
  availability(deployment: string): Availability;
};

/**
 * Where a job goes next: the first deployment of its chain that is allowed, not excluded, not cooling and not over its
 * limits; else it waits for the first that comes back; a round that left nobody is followed by another, at most `maxRounds`. Chains are finite
 * and every transient failure uses up a place in a round, so every job ends.
 */
export function nextStep(job: Standing, around: Surroundings): NextStep {
  if (around.nowMs >= job.deadlineMs)
    return end("deadline-exceeded", "The deadline passed before a deployment answered.");
  const allowed = job.chain.filter((name) => around.forbidden(name) === undefined);
  if (allowed.length === 0) {
    const reasons = job.chain.map((name) => `${name}: ${around.forbidden(name)}`).join("; ");
    return end("policy-denied", `No deployment in the chain may see this job any more (${reasons}).`);
  }
  const possible = allowed.filter((name) => job.excluded[name] !== "permanent");
  if (possible.length === 0) return end("exhausted", exhausted(job, allowed));

  const untried = possible.filter((name) => !Object.hasOwn(job.excluded, name));
  const ready = untried.find((name) => restsUntil(around.availability(name)) === undefined);
  if (ready !== undefined) return { kind: "go", deployment: ready, round: job.round, excluded: job.excluded };

  if (untried.length > 0) {
    const leastMs = isBusy(earliestOf(untried)) ? around.waitMs : Math.min(around.waitMs, lookAgainMs);
    return wait(untried, job.round, job.excluded, leastMs);
  }

  // The round is over. One of rate limits alone never comes here: they exclude nobody.
  const round = job.round + 1;
  if (round >= around.maxRounds) return end("exhausted", exhausted(job, allowed));
  const excluded = Object.fromEntries(Object.entries(job.excluded).filter(([, how]) => how === "permanent"));
  return wait(possible, round, excluded, around.roundRestMs * 2 ** Math.min(round, 6));

  function wait(names: readonly string[], round: number, excluded: Exclusions, leastMs: number): NextStep {
    const earliest = earliestOf(names);
    const limited = around.availability(earliest).kind === "limited";
    const byMs = Math.max(dueAt(earliest) + around.patienceMs, around.nowMs + leastMs);
    // The end of a rest after failures is a chance for one job to probe. Did all come for it, they would all go where a
    // rest ends first, and none would be there to probe the others: so each waits for the first of its own chain.
    const preferred = names.find((name) => !isBusy(name) && !isPaused(name) && dueAt(name) <= byMs);
    const due = isBusy(earliest) ? earliest : (preferred ?? earliest);
    // A limit's line of time has fractions; what is stored has none.
    const untilMs = Math.ceil(Math.max(dueAt(due), around.nowMs + leastMs));
    // Those before it may need less than they were given: it tries once more before its time is over.
    const lastMs = lastTry(job.deadlineMs);
    if (limited && untilMs > lastMs && lastMs > around.nowMs + leastMs)
      return { kind: "wait", deployment: due, untilMs: lastMs, limited: false, round, excluded };
    if (untilMs >= job.deadlineMs)
      return end("deadline-exceeded", "No deployment in the chain will be available before the deadline.");
    return { kind: "wait", deployment: due, untilMs, limited, round, excluded };
  }

  function earliestOf([first = "", ...others]: readonly string[]): string {
    return others.reduce((earliest, name) => (dueAt(name) < dueAt(earliest) ? name : earliest), first);
  }

  /** Well, and used as much as it may be: when it is free is known. */
  function isBusy(name: string): boolean {
    const availability = around.availability(name);
    return availability.kind === "limited" || (availability.kind === "cooling" && availability.rate === true);
  }

  /** Nobody knows for how long: it is looked at again, and nobody waits for it who can wait for another. */
  function isPaused(name: string): boolean {
    const availability = around.availability(name);
    return availability.kind === "cooling" && availability.paused === true;
  }

  function dueAt(name: string): number {
    return restsUntil(around.availability(name)) ?? around.nowMs;
  }
}

/** When a job that others are before tries at the latest, whatever its turn is. */
export function lastTry(deadlineMs: number): number {
  return deadlineMs - lastTryMs;
}
const lastTryMs = 60_000;

function restsUntil(availability: Availability): number | undefined {
  return availability.kind === "cooling" || availability.kind === "limited" ? availability.untilMs : undefined;
}

function exhausted(job: Standing, allowed: readonly string[]): string {
  return `Every deployment in the chain failed (${allowed.join(", ")}), in ${job.round + 1} round${job.round === 0 ? "" : "s"}.`;
}

function final(code: ErrorCode, message: string): AfterFailure {
  return { kind: "final", error: { code, message } };
}

function end(code: ErrorCode, message: string): NextStep {
  return { kind: "end", error: { code, message } };
}
