import type { Batch } from "../../lib/core/protocol/batch.ts";
import { totalCost } from "../../lib/core/protocol/counts.ts";
import type { ExpectedBatch, ExpectedJob } from "../expected.ts";
import type { Findings } from "./findings.ts";
import { type Manifest, nanoUsd, type Result } from "./result.ts";

export type BatchResults = { batch: Batch; manifest: Manifest; output: Result[]; errors: Result[] };

/** Every line in exactly one file, once and in order, ended as it must; counts and cost as the lines say. */
export function checkBatch(
  expected: ExpectedBatch,
  { batch, manifest, output, errors }: BatchResults,
  findings: Findings,
): void {
  const { name } = expected;
  for (const [file, results] of Object.entries({ output, errors })) {
    const lines = results.map(({ switchyard }) => switchyard.line);
    if (lines.some((line, index) => index > 0 && line <= (lines[index - 1] ?? 0)))
      findings.add("out of order", `${file} of ${name}`);
  }
  const byLine = new Map<number, Result[]>();
  for (const result of [...output, ...errors])
    byLine.set(result.switchyard.line, [...(byLine.get(result.switchyard.line) ?? []), result]);
  for (const job of expected.jobs) {
    const [result, ...more] = byLine.get(job.line) ?? [];
    byLine.delete(job.line);
    const where = `line ${job.line} of ${name}`;
    if (result === undefined) findings.add("lost", where);
    else checkEnding(job, result, where, expected.ends === "cancelled", findings);
    if (more.length > 0) findings.add("duplicated", where);
  }
  for (const line of byLine.keys()) findings.add("duplicated", `line ${line} of ${name}, which has no job`);

  const cancelled = errors.filter(({ error }) => error?.code === "cancelled").length;
  const counted = { succeeded: output.length, failed: errors.length - cancelled, cancelled };
  for (const [what, count] of Object.entries({ ...counted, accepted: expected.jobs.length }))
    if (Object.entries(manifest.counts).find(([key]) => key === what)?.[1] !== count)
      findings.add("counts wrong", `${name}: ${what} is not ${count} in its manifest`);
  if (JSON.stringify(sorted(batch.counts)) !== JSON.stringify(sorted(counted)))
    findings.add("counts wrong", `${name}: its item has other counts than its files`);
  const state = cancelled > 0 ? "cancelled" : "completed";
  if (manifest.state !== state) findings.add("ended wrongly", `${name} is ${manifest.state}, not ${state}`);

  const cost = [...output, ...errors].reduce((sum, { switchyard }) => sum + nanoUsd(switchyard.costUsd), 0);
  if (nanoUsd(manifest.costUsd) !== cost) findings.add("cost wrong", `${name}: its manifest does not say ${cost} n$`);
  if (totalCost(batch.costNanoUsd) !== cost) findings.add("cost wrong", `${name}: its item does not say ${cost} n$`);
}

/** A job has its own id, and ended as it must. */
export function checkEnding(
  job: ExpectedJob,
  result: Result,
  where: string,
  mayBeCancelled: boolean,
  findings: Findings,
): void {
  const ended = result.error?.code ?? "answered";
  const allowed = ended === job.ending || (mayBeCancelled && ended === "cancelled");
  if (!allowed)
    findings.add("ended wrongly", `${where} is ${ended}, not ${job.ending}: ${result.error?.message ?? ""}`);
  if (result.custom_id !== (job.id ?? null)) findings.add("ended wrongly", `${where} has another job's id`);
}

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
