import { availabilityOf, type Cooldown, isPaused } from "../../core/cooldown.ts";

/** Why a deployment is not called, or by one job only. Times are ISO 8601 in UTC; `until` is null without an end. */
export type Standing = {
  deployment: string;
  kind: "paused" | Cooldown["kind"];
  /** `probing`: the rest is over, and the next job shows whether the deployment is back. */
  state: "paused" | "resting" | "probing";
  since: string | null;
  until: string | null;
  level: number;
  reason: string | null;
  by: string | null;
};

/** What stands against calls now, pauses first. */
export function standingOf(cooldowns: ReadonlyMap<string, Cooldown>, nowMs: number): Standing[] {
  const paused = [...cooldowns].flatMap(([deployment, cooldown]): Standing[] => {
    const { paused: pause, level } = cooldown;
    if (pause === undefined || !isPaused(cooldown, nowMs)) return [];
    const { sinceMs, untilMs, reason = null, by = null } = pause;
    return [
      { deployment, kind: "paused", state: "paused", since: iso(sinceMs), until: iso(untilMs), level, reason, by },
    ];
  });
  const resting = [...cooldowns].flatMap(([deployment, { paused: _, ...rest }]): Standing[] => {
    const { kind, level, untilMs, sinceMs } = rest;
    if (availabilityOf(rest, nowMs).kind === "available") return [];
    const state = nowMs < untilMs ? "resting" : "probing";
    return [{ deployment, kind, state, since: iso(sinceMs), until: iso(untilMs), level, reason: null, by: null }];
  });
  return [...paused, ...resting];
}

function iso(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
