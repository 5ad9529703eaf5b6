import type { ChargeOutcome } from "../lib/local/simulated-providers/charge-log.ts";

type Fault = { deployment: string; kind: string; rate?: number; from?: string; until: string } & Record<
  string,
  unknown
>;

/** After this, in the plan's own time, providers do nothing wrong. */
export const providersCalmMs = 6 * 3_600_000;

/**
 * What the providers do wrong: a little (`rate` of the calls) of everything all the time, and again and again in each
 * `periodMs`, each deployment down for a while, all of them at once, a storm of 429, and a key that is refused. Outages
 * are `overloaded`, nothing else is.
 */
export function providerFaults(periodMs: number, rate: number): { latency: { medianMs: number }; faults: Fault[] } {
  const always = { deployment: "*", until: seconds(providersCalmMs) };
  const periods = Math.floor(providersCalmMs / periodMs);
  return {
    latency: { medianMs: 100 },
    faults: [
      ...Array.from({ length: periods }, (_, period) => scheduled(period * periodMs, periodMs)).flat(),
      { ...always, kind: "server-error", rate },
      { ...always, kind: "hang", rate: rate / 4 },
      { ...always, kind: "cut", rate },
      { ...always, kind: "malformed", rate },
      { ...always, kind: "truncated", rate },
      { ...always, kind: "slow", rate, latencyMs: 4000 },
    ],
  };
}

function scheduled(startMs: number, periodMs: number): Fault[] {
  const during = (from: number, until: number) => ({
    from: seconds(startMs + from * periodMs),
    until: seconds(startMs + until * periodMs),
  });
  return [
    { deployment: "regional", kind: "overloaded", ...during(0.1, 0.25) },
    { deployment: "signed", kind: "rate-limited", rate: 0.6, retryAfterSeconds: 2, ...during(0.2, 0.35) },
    { deployment: "house-1", kind: "overloaded", ...during(0.35, 0.45) },
    { deployment: "*", kind: "overloaded", ...during(0.5, 0.55) },
    { deployment: "open", kind: "auth", ...during(0.6, 0.63) },
    { deployment: "house-2", kind: "rate-limited", rate: 0.6, retryAfterSeconds: 5, ...during(0.65, 0.8) },
  ];
}

function seconds(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / 1000))}s`;
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
