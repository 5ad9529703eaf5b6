import type { Attempt } from "../attempt.ts";
import type { ChatBody } from "../chat.ts";
import type { Deployment } from "../configuration/document.ts";
import { costNanoUsd } from "../cost.ts";
import { mostCostNanoUsd } from "../cost-limit.ts";
import type { Rejection } from "../decision.ts";
import { afterFailure } from "../fallback.ts";
import { countedTokens } from "../limits/counted-tokens.ts";
import type { Priority } from "../names.ts";
import type { Clock } from "../ports.ts";
import type { PayloadJob, PayloadRoute } from "../protocol/payload.ts";
import type { JobResult } from "../protocol/segment.ts";
import type { Exclusions } from "../protocol/shard.ts";
import type { Provider } from "../provider.ts";
import { redactBody } from "../redact/redact-body.ts";
import { retryInPlaceMs } from "../retry.ts";
import type { Gate } from "./gate.ts";
import type { Hop } from "./hop.ts";

/** What became of one job in one shard. */
export type JobEnd =
  | { kind: "done"; attempts: Attempt[]; result: JobResult }
  /** It goes on elsewhere, with these deployments excluded as well. */
  | { kind: "goes-on"; attempts: Attempt[]; exclude: Exclusions; refused?: Rejection[] }
  /** Its deployment is resting or over its limits (its attempts are rate limits only): another may be free, fallback knows. */
  | { kind: "cooling"; attempts: Attempt[] }
  /** Its budget has nothing left for it before then: it is used up, or others hold what is left. */
  | { kind: "waits"; attempts: Attempt[]; budget: string; isUsedUp: boolean; untilMs: number }
  /** There was no time left to start it, or (`broken`) the infrastructure failed. */
  | { kind: "put-back"; attempts: Attempt[]; broken?: true };

export type JobRunDeps = {
  clock: Clock;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
  /** How long this invocation may go on. */
  remainingMs: () => number;
  gate: Gate;
  provider: (deployment: Deployment) => Promise<Provider>;
  hop: Hop;
  /** Whose job it is. */
  tenant?: string | undefined;
  priority?: Priority | undefined;
  /** The answer to this very request that was given before; then nobody is called. */
  known?: JobResult | undefined;
  /** What it may cost was reserved, for one answer: what was charged for is not tried again in place. @default false */
  isBudgeted?: boolean;
  /** Whether the job's batch was cancelled, as far as this worker knows by now. */
  isCancelled: () => Promise<boolean>;
  onAttempt: (attempt: Attempt) => void;
  /** Broken infrastructure that does not stop the job. */
  onError: (error: unknown) => void;
};

/** What stays of an invocation's time for writing segments and committing after its last call. */
const closingMs = 10_000;

/** Calls one deployment for one job, with the retry in place that its failure allows. */
export async function runJob(
  job: PayloadJob,
  route: PayloadRoute,
  deployment: Deployment,
  deps: JobRunDeps,
): Promise<JobEnd> {
  const attempts: Attempt[] = [];
  try {
    return await call(job, route, deployment, attempts, deps);
  } catch (error) {
    deps.onError(error);
    return { kind: "put-back", attempts, broken: true };
  }
}

async function call(
  job: PayloadJob,
  route: PayloadRoute,
  deployment: Deployment,
  attempts: Attempt[],
  deps: JobRunDeps,
): Promise<JobEnd> {
  for (;;) {
    if (await isCancelled(deps)) return { kind: "done", attempts, result: { kind: "cancelled" } };
    if (deps.clock() >= route.deadlineMs) return tooLate(attempts, "The deadline passed before a deployment answered.");
    // Asked again before every call: the policy may have changed since the plan.
    const early = forbiddenEnd(route, deployment, attempts, deps.hop);
    if (early !== undefined) return early;
    if (deps.known !== undefined) return { kind: "done", attempts, result: deps.known };
    const sent = toSend(job, route, deployment, deps.hop);
    if (sent === undefined)
      return refusedEnd(deployment, attempts, "what was found in the job cannot be replaced in it");
    // What earlier attempts cost counts; the first was found to be within the limit when it was routed.
    const spentNanoUsd = attempts.reduce((sum, attempt) => sum + attempt.costNanoUsd, 0);
    const limitNanoUsd = job.maxCostNanoUsd ?? Number.POSITIVE_INFINITY;
    if (spentNanoUsd > 0 && spentNanoUsd + mostCostNanoUsd(job, deployment) > limitNanoUsd) {
      const message = "Its attempts have cost so much that another may cost more than its maxCostUsd.";
      return { kind: "done", attempts, result: { kind: "failed", error: { code: "budget-exceeded", message } } };
    }
    const timeoutMs = deployment.timeoutSeconds * 1000;
    if (deps.remainingMs() < timeoutMs + closingMs) return { kind: "put-back", attempts };
    const provider = await deps.provider(deployment);
    const lastStartMs = deps.clock() + deps.remainingMs() - timeoutMs - closingMs;
    const entry = await deps.gate.enter({
      deployment: deployment.name,
      tokens: countedTokens(job, deployment),
      probeForMs: timeoutMs + closingMs,
      byMs: Math.min(lastStartMs, route.deadlineMs),
      tenant: deps.tenant,
      priority: deps.priority,
    });
    if (entry.kind === "late")
      return route.deadlineMs > lastStartMs
        ? { kind: "put-back", attempts }
        : tooLate(attempts, "The deadline passes before the limits of its deployment have room for it.");
    if (entry.kind !== "call") return { kind: "cooling", attempts };
    // It may have waited before the gate: a fact may have ended meanwhile, or its batch been cancelled.
    const cancelled = await isCancelled(deps);
    const late = forbiddenEnd(route, deployment, attempts, deps.hop);
    const isStale = deps.hop.redacts(route.dataClass, deployment) !== sent.redacted;
    if (cancelled || late !== undefined || isStale || deps.remainingMs() < timeoutMs + closingMs) {
      deps.gate.withdraw(deployment.name, entry);
      if (cancelled) return { kind: "done", attempts, result: { kind: "cancelled" } };
      if (late === undefined && isStale) continue;
      return late ?? { kind: "put-back", attempts };
    }

    const startedAtMs = deps.clock();
    const outcome = await provider.call({ body: sent.body, timeoutMs });
    const usage = outcome.usage ?? { inputTokens: 0, outputTokens: 0 };
    const failure = outcome.kind === "failed" ? outcome.error : undefined;
    const attempt: Attempt = {
      deployment: deployment.name,
      outcome: failure?.kind ?? "ok",
      startedAtMs,
      latencyMs: Math.max(0, Math.round(deps.clock() - startedAtMs)),
      ...usage,
      costNanoUsd: costNanoUsd(deployment, usage),
      ...(failure === undefined ? {} : { detail: failure.detail }),
      ...(sent.redacted && (job.found ?? []).length > 0 ? { redacted: true } : {}),
    };
    record(attempts, attempt);
    deps.onAttempt(attempt);
    // The call is made and paid for: that others cannot be told of its outcome must not lose it.
    await deps.gate.report(deployment.name, entry, attempt.outcome, failure?.retryAfterMs).catch(deps.onError);

    if (outcome.kind === "completed")
      return {
        kind: "done",
        attempts,
        result: { kind: "succeeded", deployment: deployment.name, response: sent.restore(outcome.response) },
      };
    const waitMs = retryInPlaceMs(outcome.error.kind, triesOf(attempts), outcome.error.retryAfterMs, deps.random());
    const mayRepeat = deps.isBudgeted !== true || attempts.every((earlier) => earlier.costNanoUsd === 0);
    if (waitMs !== undefined && mayRepeat && deps.remainingMs() > waitMs + timeoutMs + closingMs) {
      // After the failure that cools a deployment nobody knocks again; fallback has the job. A short rate limit is waited out.
      const limited = outcome.error.kind === "rate-limited";
      const rests = async () => ["cooling", "half-open"].includes((await deps.gate.availability(deployment.name)).kind);
      if (limited || !(await rests())) {
        await deps.sleep(waitMs);
        continue;
      }
    }
    const after = afterFailure(outcome.error.kind, deployment.name, route.chain, deps.hop.deployments);
    switch (after.kind) {
      case "final":
        return { kind: "done", attempts, result: { kind: "failed", error: after.error } };
      case "goes-on":
        return { kind: "goes-on", attempts, exclude: after.exclude };
      case "rests":
        // One that also failed otherwise has used up its place in this round.
        return attempts.every(({ outcome }) => outcome === "rate-limited")
          ? { kind: "cooling", attempts }
          : { kind: "goes-on", attempts, exclude: { [deployment.name]: "transient" } };
    }
  }
}

/** That it cannot be known now stops no job. */
async function isCancelled({ isCancelled: ask, onError }: JobRunDeps): Promise<boolean> {
  try {
    return await ask();
  } catch (error) {
    onError(error);
    return false;
  }
}

function tooLate(attempts: Attempt[], message: string): JobEnd {
  return { kind: "done", attempts, result: { kind: "failed", error: { code: "deadline-exceeded", message } } };
}

/** How a job ends on a deployment that policy forbids; undefined where it does not. */
function forbiddenEnd(route: PayloadRoute, deployment: Deployment, attempts: Attempt[], hop: Hop): JobEnd | undefined {
  const reason = hop.forbidden(route, deployment.name);
  return reason === undefined ? undefined : refusedEnd(deployment, attempts, reason);
}

function refusedEnd({ name }: Deployment, attempts: Attempt[], reason: string): JobEnd {
  return { kind: "goes-on", attempts, exclude: { [name]: "permanent" }, refused: [{ deployment: name, reason }] };
}

type Sent = {
  redacted: boolean;
  body: ChatBody;
  restore: (response: Record<string, unknown>) => Record<string, unknown>;
};

/** The request as it leaves: redacted, where its class is and the call is an external one. Undefined when it cannot be. */
function toSend(
  { body, found = [] }: PayloadJob,
  route: PayloadRoute,
  deployment: Deployment,
  hop: Hop,
): Sent | undefined {
  if (!hop.redacts(route.dataClass, deployment)) return { redacted: false, body, restore: (response) => response };
  try {
    return { redacted: true, ...redactBody(body, found) };
  } catch {
    return undefined;
  }
}

/** Rate-limited attempts on one deployment are one record with a count. */
function record(attempts: Attempt[], attempt: Attempt): void {
  const last = attempts.at(-1);
  const isSame = last?.outcome === attempt.outcome && last.redacted === attempt.redacted;
  if (attempt.outcome !== "rate-limited" || !isSame) {
    attempts.push(attempt);
    return;
  }
  last.count = (last.count ?? 1) + 1;
  last.latencyMs += attempt.latencyMs;
  last.inputTokens += attempt.inputTokens;
  last.outputTokens += attempt.outputTokens;
  last.costNanoUsd += attempt.costNanoUsd;
}

function triesOf(attempts: readonly Attempt[]): number {
  return attempts.reduce((sum, { count }) => sum + (count ?? 1), 0);
}
