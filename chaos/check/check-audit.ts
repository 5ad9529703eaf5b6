import { auditOfBatch } from "../../lib/cli/audit/audit-sources.ts";
import type { Connection } from "../../lib/cli/connection/connect.ts";
import type { ExpectedBatch } from "../expected.ts";
import type { MaySee } from "../oracle.ts";
import type { Findings } from "./findings.ts";

/** What was recorded for auditors names no deployment that the job's facts forbid, and a decision for every line. */
export async function checkAudit(
  id: string,
  expected: ExpectedBatch,
  world: { connection: Connection; maySee: MaySee },
  findings: Findings,
): Promise<void> {
  const jobs = new Map(expected.jobs.map((job) => [job.line, job]));
  const undecided = new Set(jobs.keys());
  for await (const record of (await auditOfBatch(id, world.connection))?.records ?? []) {
    const job = jobs.get(record.line);
    if (job === undefined) continue;
    if (record.kind === "decision") undecided.delete(record.line);
    const named = record.kind === "decision" ? record.chain : record.attempts.map(({ deployment }) => deployment);
    for (const deployment of named)
      if (!world.maySee(deployment, job.dataClass, job.residency))
        findings.add("policy violations", `the audit of line ${record.line} of ${expected.name} names ${deployment}`);
  }
  for (const line of undecided) findings.add("lost", `the decision on line ${line} of ${expected.name}`);
}
