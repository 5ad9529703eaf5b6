import { count, countOf, duration, share, usd } from "../format.ts";
import type { Io } from "../io.ts";
import type { Manifest } from "../manifest.ts";
import { type Column, printTable } from "../output.ts";

const columns: Column[] = [
  { title: "Deployment" },
  { title: "Jobs", align: "right" },
  { title: "Share", align: "right" },
  { title: "Fallbacks", align: "right" },
  { title: "Attempts", align: "right" },
  { title: "Failed attempts", align: "right" },
  { title: "Cost", align: "right" },
  { title: "p50", align: "right" },
  { title: "p95", align: "right" },
];

/** What became of a batch, for people: a row per deployment, the sums, and what the capable tier alone would have cost. */
export function printReport(io: Io, manifest: Manifest): void {
  const { counts, deployments } = manifest;
  const names = Object.entries(deployments).toSorted(([, a], [, b]) => b.jobs - a.jobs || b.attempts - a.attempts);
  if (names.length > 0)
    printTable(io.stdout, columns, [
      ...names.map(([name, use]) => [
        name,
        count(use.jobs),
        share(use.jobs, counts.succeeded),
        use.fallbacks === 0 ? "0" : io.stdout.style("yellow", count(use.fallbacks)),
        count(use.attempts),
        use.failures === 0 ? "0" : io.stdout.style("yellow", count(use.failures)),
        usd(use.costUsd),
        ...[use.p50Ms, use.p95Ms].map((ms) => (use.attempts === use.failures ? "–" : latency(ms))),
      ]),
      totals(io, manifest),
    ]);
  io.stdout.write(`${sentence(io, manifest)}\n`);
  if (manifest.duplicates !== undefined)
    io.stdout.write(`${countOf(manifest.duplicates, "line")} shared the result of an identical one.\n`);
  if (manifest.cached !== undefined)
    io.stdout.write(
      `${countOf(manifest.cached.jobs, "answer")} came from the cache, which saved ${usd(manifest.cached.savedUsd)}.\n`,
    );
  if (manifest.kept !== undefined && manifest.kept.answers > 0)
    io.stdout.write(`${countOf(manifest.kept.answers, "answer")} kept from an earlier run.\n`);
  const classes = Object.entries(manifest.dataClasses ?? {}).toSorted(([, a], [, b]) => b - a);
  if (classes.length > 0)
    io.stdout.write(`Classes: ${classes.map(([name, lines]) => `${name} ${count(lines)}`).join(", ")}.\n`);
  const baseline = baselineSentence(manifest);
  if (baseline !== undefined) io.stdout.write(`${baseline}\n`);
}

function totals(io: Io, { counts, deployments, costUsd }: Manifest): string[] {
  const sum = (field: "attempts" | "failures" | "fallbacks") =>
    Object.values(deployments).reduce((total, use) => total + use[field], 0);
  const cells = [
    "Total",
    count(counts.succeeded),
    "",
    count(sum("fallbacks")),
    count(sum("attempts")),
    count(sum("failures")),
    usd(costUsd),
    "",
    "",
  ];
  return cells.map((cell) => (cell === "" ? "" : io.stdout.style("bold", cell)));
}

function sentence(io: Io, { counts, blankLines, errorCodes, state, failure }: Manifest): string {
  if (state === "failed") return io.stdout.style("red", `The batch failed: ${failure ?? "no reason given"}`);
  const codes = Object.entries(errorCodes ?? {}).map(([code, number]) => `${code} ${count(number)}`);
  const parts = [
    `${countOf(counts.accepted, "line")}: ${count(counts.succeeded)} succeeded`,
    counts.failed === 0 ? "0 failed" : io.stdout.style("yellow", `${count(counts.failed)} failed`),
    ...(counts.cancelled === 0 ? [] : [`${count(counts.cancelled)} cancelled`]),
  ];
  const blank = blankLines === 0 ? "" : ` ${countOf(blankLines, "blank line")} skipped.`;
  return `${parts.join(", ")}${codes.length === 0 ? "" : ` (${codes.join(", ")})`}.${blank}`;
}

function baselineSentence({ baseline, costUsd }: Manifest): string | undefined {
  if (baseline === undefined || baseline.costUsd === 0) return undefined;
  const saved = 1 - costUsd / baseline.costUsd;
  const compared = saved >= 0 ? `${(saved * 100).toFixed(0)} % less` : `${(-saved * 100).toFixed(0)} % more`;
  return `Cost ${usd(costUsd)}; on the capable tier alone (${baseline.deployment}) it would have been ${usd(baseline.costUsd)}: ${compared}.`;
}

function latency(ms: number | null | undefined): string {
  return ms === null || ms === undefined ? "–" : duration(ms);
}
