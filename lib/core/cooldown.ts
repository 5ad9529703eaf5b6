import * as z from "zod";
import type { CooldownPolicy } from "./configuration/document.ts";
import type { FailureKind } from "./failure.ts";

/** A person keeps a deployment from being called, until a time or until a person says otherwise. */
export const Pause = z.object({
  sinceMs: z.int(),
  untilMs: z.int().optional(),
  reason: z.string().optional(),
  /** Who says to have done it: for people, not a proof. */
  by: z.string().optional(),
});
export type Pause = z.infer<typeof Pause>;

/** A deployment's rest, shared by all workers. It stands until a call succeeds again; a pause stands beside it. */
export const Cooldown = z.object({
  untilMs: z.int(),
  /** How many cooldowns in a row; 0 is recovered. */
  level: z.int().nonnegative(),
  kind: z.enum(["rate", "overload", "auth"]),
  /** Who has the single probe after the end, until when. */
  probeUntilMs: z.int().default(0),
  /** When this rest began. */
  sinceMs: z.int().optional(),
  paused: Pause.optional(),
});
export type Cooldown = z.infer<typeof Cooldown>;

/** Another's probe may end long before its lease: who waits for it looks again after this long. */
export const lookAgainMs = 5000;

/** A pause may be taken back at any time: whoever waits for its end looks again after this long. */
const lookAtPauseMs = 30_000;

export type Availability =
  | { kind: "available" }
  /** Rested, or being probed by another: not to be called until then. `rate`: it is well, and has limited the rate. */
  | { kind: "cooling"; untilMs: number; rate?: true; paused?: true }
  /** Well, and over its limits until then. */
  | { kind: "limited"; untilMs: number }
  /** The rest is over and nobody is probing: one job goes first, under a lease. */
  | { kind: "half-open" };

export function availabilityOf(cooldown: Cooldown | undefined, nowMs: number): Availability {
  if (isPaused(cooldown, nowMs))
    return {
      kind: "cooling",
      untilMs: Math.min(cooldown?.paused?.untilMs ?? Number.POSITIVE_INFINITY, nowMs + lookAtPauseMs),
      paused: true,
    };
  if (cooldown === undefined || cooldown.level === 0) return { kind: "available" };
  if (nowMs < cooldown.untilMs) {
    const { untilMs } = cooldown;
    return cooldown.kind === "rate" ? { kind: "cooling", untilMs, rate: true } : { kind: "cooling", untilMs };
  }
  // A provider that limits the rate is well, and said itself when to come again: no probe.
  if (cooldown.kind === "rate") return { kind: "available" };
  if (nowMs < cooldown.probeUntilMs)
    return { kind: "cooling", untilMs: Math.min(cooldown.probeUntilMs, nowMs + lookAgainMs) };
  return { kind: "half-open" };
}

export function isPaused(cooldown: Cooldown | undefined, nowMs: number): boolean {
  return cooldown?.paused !== undefined && nowMs < (cooldown.paused.untilMs ?? Number.POSITIVE_INFINITY);
}

/** Which kind of cooldown a failure of a kind can lead to; undefined where the failure table says no. */
export function cooldownKindOf(kind: FailureKind): Cooldown["kind"] | undefined {
  switch (kind) {
    case "rate-limited":
      return "rate";
    case "overloaded":
    case "server-error":
    case "network":
    case "timeout":
    case "worker-lost":
      return "overload";
    case "auth":
    case "not-found":
    case "quota-exceeded":
      return "auth";
    case "context-too-long":
    case "content-filtered":
    case "invalid-request":
    case "invalid-output":
      return undefined;
  }
}

/** How long the next cooldown lasts: a rate limit for `Retry-After` (else base); others double from base to their cap. */
export function cooldownMs(
  kind: Cooldown["kind"],
  level: number,
  policy: CooldownPolicy,
  retryAfterMs: number | undefined,
): number {
  const baseMs = policy.baseSeconds * 1000;
  if (kind === "rate") return retryAfterMs ?? baseMs;
  const capMs = (kind === "auth" ? policy.maxSeconds.auth : policy.maxSeconds.overload) * 1000;
  return Math.min(capMs, Math.max(retryAfterMs ?? 0, baseMs * 2 ** Math.min(level - 1, 30)));
}

/** What one worker has seen of one deployment lately. */
export type Window = { outcomes: readonly { atMs: number; failed: boolean }[]; failuresInRow: number };

export const emptyWindow: Window = { outcomes: [], failuresInRow: 0 };

/** How many failures in a row cool a deployment before the window has its share. Source: DESIGN, "Failures". */
const failuresInRowToCool = 3;

/**
 * Adds an outcome to a window and says whether the deployment is to be cooled for it.
 * A rate limit, a refused key and a missing model cool at once; overload by the window's share or three in a row.
 */
export function observe(
  window: Window,
  outcome: "ok" | FailureKind,
  nowMs: number,
  policy: CooldownPolicy,
): { window: Window; cool: Cooldown["kind"] | undefined } {
  const kind = outcome === "ok" ? undefined : cooldownKindOf(outcome);
  // A failure that is the request's own fault says nothing about the deployment.
  if (outcome !== "ok" && kind === undefined) return { window, cool: undefined };
  const failed = kind !== undefined;
  const fromMs = nowMs - policy.windowSeconds * 1000;
  const outcomes = [...window.outcomes.filter(({ atMs }) => atMs > fromMs).slice(-199), { atMs: nowMs, failed }];
  const next = { outcomes, failuresInRow: failed ? window.failuresInRow + 1 : 0 };
  if (kind === undefined) return { window: next, cool: undefined };
  if (kind !== "overload") return { window: next, cool: kind };
  const failures = outcomes.filter((entry) => entry.failed).length;
  const byShare = outcomes.length >= policy.minAttempts && failures / outcomes.length >= policy.failureRate;
  return { window: next, cool: byShare || next.failuresInRow >= failuresInRowToCool ? "overload" : undefined };
}
