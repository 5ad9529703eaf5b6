import type { CooldownPolicy } from "../lib/core/configuration/document.ts";
import { cooldownMs } from "../lib/core/cooldown.ts";
import type { Call } from "./start-providers.ts";

/** When the providers were down, Unix milliseconds. */
export type Outage = { fromMs: number; untilMs: number };

/** The calls of one deployment that met an outage. */
export type DeadCalls = {
  /** Until it was known that it is down: before the first pause that is as long as the first rest. */
  untilRested: number;
  untilRestedSeconds: number;
  /** After that. */
  probes: number;
  /** As many as the rests allow: one at the end of each. */
  permitted: number;
  /** Those that came before the rest after the call before them was over. */
  early: number;
};

/** Counts the calls of a deployment that met an outage, and holds them to the rests that a policy gives. */
export function deadCalls(calls: readonly Call[], { fromMs, untilMs }: Outage, policy: CooldownPolicy): DeadCalls {
  const times = calls
    .filter(({ outcome }) => outcome !== "ok" && outcome !== "abandoned")
    .map(({ atMs }) => atMs)
    .toSorted((a, b) => a - b);
  const restMs = (number: number) => cooldownMs("overload", number, policy, undefined);
  const gapsMs = times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
  const firstGap = gapsMs.findIndex((gapMs) => gapMs >= restMs(1));
  const untilRested = firstGap === -1 ? times.length : firstGap + 1;
  const [first = fromMs] = times;
  let permitted = 0;
  for (let atMs = first + restMs(1); atMs < untilMs; atMs += restMs(permitted + 1)) permitted += 1;
  return {
    untilRested,
    untilRestedSeconds: ((times[untilRested - 1] ?? first) - first) / 1000,
    probes: times.length - untilRested,
    permitted,
    early: gapsMs.slice(untilRested - 1).filter((gapMs, index) => gapMs < restMs(index + 1)).length,
  };
}

/** Over how long a throughput is measured. */
const windowMs = 5000;

/** Answers a second in the time before an outage, or less if the run is not so old. */
export function throughputBefore(calls: readonly Call[], { fromMs }: Outage, overMs: number): number {
  const answered = calls.filter(({ outcome, atMs }) => outcome === "ok" && atMs >= fromMs - overMs && atMs < fromMs);
  return answered.length / (overMs / 1000);
}

/**
 * Seconds from the end of an outage until answers come at a rate again: to the beginning of the first five seconds that
 * have it. Undefined when they never did.
 */
export function secondsToReach(calls: readonly Call[], { untilMs }: Outage, perSecond: number): number | undefined {
  const times = calls
    .filter(({ outcome, atMs }) => outcome === "ok" && atMs >= untilMs)
    .map(({ atMs }) => atMs)
    .toSorted((a, b) => a - b);
  const enough = Math.ceil(perSecond * (windowMs / 1000));
  const first = times.find((atMs, index) => (times[index + enough - 1] ?? Number.POSITIVE_INFINITY) - atMs <= windowMs);
  return first === undefined ? undefined : (first - untilMs) / 1000;
}
