import Table from "cli-table3";
import type { ChaosStack } from "./chaos-stack.ts";
import type { ChargeSums } from "./check/check-charges.ts";
import type { FindingKind, Findings } from "./check/findings.ts";
import { commitPoints } from "./commit-points.ts";
import type { ChaosOptions } from "./options.ts";

/** What a run came to. */
export type Report = {
  seed: number;
  jobs: number;
  /** Of the world's time. */
  seconds: number;
  faults: { total: number; kinds: number; byKind: Record<string, number> };
  findings: Record<FindingKind, number>;
  examples: string[];
  charges: ChargeSums;
  /** Processes that were killed, frozen or over their time, and invocations that failed, by how. */
  processesCut: number;
  failures: Record<string, number>;
  /** Commits that came after their leases because the machine was slow. */
  overran: number;
  /** Dead letters that were sent on as an operator would. */
  redriven: number;
  /** Points between two writes: how many had kills, where none fell, and writes that are on no list of them. */
  killPoints: { killed: number; kills: number; without: string[]; unlisted: string[] };
  passed: boolean;
};

export function reportOf(of: {
  options: ChaosOptions;
  stack: ChaosStack;
  findings: Findings;
  sums: ChargeSums;
  redriven: number;
  jobs: number;
  startMs: number;
}): Report {
  const { options, stack, findings, sums } = of;
  const byKind = stack.faults.counts();
  const killed = stack.killed.counts();
  const written = stack.written.counts();
  const unlisted = Object.keys(written).filter((point) => !commitPoints.includes(point));
  const counts = findings.counts();
  return {
    seed: options.seed,
    jobs: of.jobs,
    seconds: Math.round((Date.now() - of.startMs) / options.speed / 1000),
    faults: { total: stack.faults.total(), kinds: Object.values(byKind).filter((count) => count > 0).length, byKind },
    findings: counts,
    examples: findings.examples(),
    charges: sums,
    processesCut: stack.processes.cut().size,
    failures: stack.failures.counts(),
    overran: stack.overran.total(),
    redriven: of.redriven,
    killPoints: {
      killed: Object.keys(killed).length,
      kills: stack.killed.total(),
      without: commitPoints.filter((point) => written[point] !== undefined && killed[point] === undefined),
      unlisted,
    },
    passed: unlisted.length === 0 && Object.values(counts).every((count) => count === 0),
  };
}

/** The report as people read it. */
export function tableOf(report: Report): string {
  const { faults, charges, findings, killPoints } = report;
  const injected = new Table({ head: ["fault", "injected"], style: { head: [], border: [] } });
  for (const [kind, count] of Object.entries(faults.byKind).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    injected.push([kind, count]);
  injected.push([`${faults.kinds} kinds`, faults.total]);
  const checked = new Table({ head: ["must be 0", "found"], style: { head: [], border: [] } });
  for (const [kind, count] of Object.entries(findings)) checked.push([kind, count]);
  const sums = new Table({ head: ["charges", "calls", "US$"], style: { head: [], border: [] } });
  sums.push(
    ["in the providers' own log", charges.charged, usd(charges.chargedNanoUsd)],
    ["recorded in results", charges.recorded, usd(charges.recordedNanoUsd)],
    ["cut off by a crash, beyond that", charges.cutOff, usd(charges.cutOffNanoUsd)],
    ["given up by their caller, recorded as failed", charges.givenUp, ""],
  );
  return [
    `${report.jobs} jobs in ${report.seconds} s, seed ${report.seed}`,
    injected.toString(),
    checked.toString(),
    sums.toString(),
    `${charges.jobsChargedAgain} jobs were charged again for a crash; ${report.processesCut} processes were cut off, ` +
      `${report.overran} commits came late of themselves; ` +
      `${killPoints.kills} kills at ${killPoints.killed} points between two writes; ${report.redriven} dead letters were redriven.`,
    ...(killPoints.without.length === 0
      ? []
      : [`Points that were passed without a kill: ${killPoints.without.join(", ")}.`]),
    ...(killPoints.unlisted.length === 0
      ? []
      : [`Writes at points that are not in chaos/commit-points.ts: ${killPoints.unlisted.join(", ")}.`]),
    ...report.examples,
    report.passed ? "Passed." : "Failed.",
  ].join("\n");
}

function usd(nanoUsd: number): string {
  return (nanoUsd / 1e9).toFixed(9);
}
