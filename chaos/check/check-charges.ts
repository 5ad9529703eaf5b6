import type { Deployment } from "../../lib/core/configuration/document.ts";
import { costNanoUsd } from "../../lib/core/cost.ts";
import type { Charge } from "../../lib/local/simulated-providers/charge-log.ts";
import type { ExpectedJob } from "../expected.ts";
import type { MaySee } from "../oracle.ts";
import type { Findings } from "./findings.ts";
import { nanoUsd, type ResultAttempt } from "./result.ts";

/** What Switchyard recorded of a job: all its attempts, wherever they ended. */
export type RecordedJob = { expected: ExpectedJob; where: string; attempts: ResultAttempt[] };

export type ChargeSums = {
  /** Calls that providers charged, and what they charged in nano-dollars. */
  charged: number;
  chargedNanoUsd: number;
  /** The same of the attempts in results. */
  recorded: number;
  recordedNanoUsd: number;
  /** Charges that no attempt stands for: their worker was killed, frozen or timed out before it could commit. */
  cutOff: number;
  cutOffNanoUsd: number;
  /** Jobs that were charged more than once for that. */
  jobsChargedAgain: number;
  /** Charged answers whose caller had given the call up: recorded as failed. */
  givenUp: number;
};

/**
 * Holds the providers' own log against what was recorded, job by job: every recorded charge is in the log, every logged
 * one is recorded or was made by a process that was cut off, and every call went where its job may be seen.
 */
export function checkCharges(
  jobs: readonly RecordedJob[],
  log: readonly Charge[],
  world: { deployments: Readonly<Record<string, Deployment>>; cut: ReadonlySet<number>; maySee: MaySee },
  findings: Findings,
): ChargeSums {
  const byPrompt = new Map<string, Charge[]>();
  for (const charge of log) {
    const known = byPrompt.get(charge.promptId);
    if (known === undefined) byPrompt.set(charge.promptId, [charge]);
    else known.push(charge);
  }
  const sums: ChargeSums = {
    charged: 0,
    chargedNanoUsd: 0,
    recorded: 0,
    recordedNanoUsd: 0,
    cutOff: 0,
    cutOffNanoUsd: 0,
    jobsChargedAgain: 0,
    givenUp: 0,
  };
  const price = (name: string, usage: { inputTokens: number; outputTokens: number }): number => {
    const deployment = world.deployments[name];
    return deployment === undefined ? 0 : costNanoUsd(deployment, usage);
  };

  for (const { expected, where, attempts } of jobs) {
    const calls = expected.promptId === undefined ? [] : (byPrompt.get(expected.promptId) ?? []);
    if (expected.promptId !== undefined) byPrompt.delete(expected.promptId);
    for (const deployment of new Set(calls.map((call) => call.deployment)))
      if (!world.maySee(deployment, expected.dataClass, expected.residency))
        findings.add("policy violations", `${where}, ${expected.dataClass}, was sent to ${deployment}`);

    const left = calls.filter(isCharged);
    sums.charged += left.length;
    for (const call of left) sums.chargedNanoUsd += price(call.deployment, call);
    for (const attempt of attempts.filter(isCharged)) {
      const cost = price(attempt.deployment, attempt);
      sums.recorded += 1;
      sums.recordedNanoUsd += cost;
      if (nanoUsd(attempt.costUsd) !== cost)
        findings.add("cost wrong", `an attempt of ${where} on ${attempt.deployment}`);
      // The log says "abandoned" of an answer that its caller may have had no more: those are matched last.
      const same = left
        .map((call, index) => ({ call, index }))
        .filter(({ call }) => sameUse(call, attempt))
        .toSorted((a, b) => rank(a.call, world.cut) - rank(b.call, world.cut))[0];
      if (same === undefined) findings.add("answered without a charge", `${where} on ${attempt.deployment}`);
      else left.splice(same.index, 1);
    }
    let again = false;
    for (const call of left) {
      if (world.cut.has(call.caller)) {
        sums.cutOff += 1;
        sums.cutOffNanoUsd += price(call.deployment, call);
        again = true;
      } else if (call.outcome === "abandoned" && attempts.some((attempt) => failedOn(attempt, call.deployment))) {
        sums.givenUp += 1;
      } else
        findings.add(
          "charged twice without a crash",
          `${where} on ${call.deployment} (${call.outcome}) by process ${call.caller}`,
        );
    }
    if (again) sums.jobsChargedAgain += 1;
  }
  for (const [promptId, calls] of byPrompt)
    findings.add(
      "policy violations",
      `${calls.length} calls (${calls[0]?.outcome}) for no job that may be called: ${promptId}`,
    );
  return sums;
}

function isCharged({ inputTokens, outputTokens }: { inputTokens: number; outputTokens: number }): boolean {
  return inputTokens + outputTokens > 0;
}

function sameUse(call: Charge, attempt: ResultAttempt): boolean {
  return (
    call.deployment === attempt.deployment &&
    call.inputTokens === attempt.inputTokens &&
    call.outputTokens === attempt.outputTokens
  );
}

function rank(call: Charge, cut: ReadonlySet<number>): number {
  return (call.outcome === "abandoned" ? 2 : 0) + (cut.has(call.caller) ? 1 : 0);
}

function failedOn({ deployment, outcome }: ResultAttempt, name: string): boolean {
  return deployment === name && (outcome === "timeout" || outcome === "network");
}
