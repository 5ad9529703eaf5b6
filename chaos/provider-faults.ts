import type { ChargeOutcome } from "../lib/local/simulated-providers/charge-log.ts";

type Fault = { deployment: string; kind: string; rate?: number; from?: string; until: string } & Record<
  string,
  unknown
>;

/**
 * What the providers do wrong in the first `ms` milliseconds: a little (`rate` of the calls) of everything all the time, each deployment down
 * for a while, all of them at once, a storm of 429, and a key that is refused. Outages are `overloaded`, nothing else is.
 */
export function providerFaults(ms: number, rate: number): { latency: { medianMs: number }; faults: Fault[] } {
  const at = (share: number): string => `${Math.max(1, Math.round((ms * share) / 1000))}s`;
  const during = (from: number, until: number) => ({ from: at(from), until: at(until) });
  const always = { deployment: "*", until: at(1) };
  return {
    latency: { medianMs: 100 },
    faults: [
      { deployment: "regional", kind: "overloaded", ...during(0.15, 0.3) },
      { deployment: "house-1", kind: "overloaded", ...during(0.35, 0.45) },
      { deployment: "*", kind: "overloaded", ...during(0.5, 0.55) },
      { deployment: "signed", kind: "rate-limited", rate: 0.6, retryAfterSeconds: 2, ...during(0.2, 0.4) },
      { deployment: "house-2", kind: "rate-limited", rate: 0.6, retryAfterSeconds: 5, ...during(0.6, 0.75) },
      { deployment: "open", kind: "auth", ...during(0.6, 0.65) },
      { ...always, kind: "server-error", rate },
      { ...always, kind: "hang", rate: rate / 4 },
      { ...always, kind: "cut", rate },
      { ...always, kind: "malformed", rate },
      { ...always, kind: "truncated", rate },
      { ...always, kind: "slow", rate, latencyMs: 4000 },
    ],
  };
}

/** How the report names what the log says of calls that met a fault. */
export const providerFaultNames: Partial<Record<ChargeOutcome, string>> = {
  overloaded: "provider outage",
  "rate-limited": "429 storm",
  auth: "key refused",
  "server-error": "provider error",
  hang: "provider hangs",
  cut: "answer of a provider cut off",
  malformed: "malformed body",
  truncated: "truncated body",
  slow: "slow provider",
};
