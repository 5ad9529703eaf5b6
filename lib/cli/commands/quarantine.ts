import * as z from "zod";
import { isoTime } from "../../core/day.ts";
import type { AuditRecord } from "../../core/work/audit-record.ts";
import { quarantinedOn } from "../../core/work/read-audit.ts";
import { unknownBatch } from "../batches/unknown-batch.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed } from "../errors.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJsonLine, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { daysSince, parseSince } from "../since.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  since: z.string().default("7d"),
  json: z.boolean().default(false),
});

/** What the stack keeps. Source: lib/constructs/storage.ts. */
const kept = { days: 2557, what: "audit records" };

/** `quarantine [BATCH]`: the jobs that no deployment may see, and why each of them may not. */
export const quarantine: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("quarantine")
    .description("list the jobs that ended as policy-denied, with every deployment's reason")
    .argument("[batch]", "only those of this batch")
    .option("--since <when>", "a date such as 2026-11-01, or a time back such as 7d", "7d")
    .option("--json", "print a JSON document a job");
  addConnectionOptions(command).action(async (batch: string | undefined, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const nowMs = io.clock();
    const sinceMs = parseSince(options.since, nowMs, kept);
    const { connect } = await import("../connection/connect.ts");
    const needs = ["generalBucket", "restrictedBucket"] as const;
    const connection = await connect(io, options, batch === undefined ? needs : [...needs, "table"]);
    try {
      let jobs = 0;
      for (const day of daysSince(sinceMs, nowMs)) {
        const read = await Promise.all(Object.values(connection.zones()).map((zone) => quarantinedOn(day, zone)));
        const found = read
          .flat()
          .filter((record) => (batch === undefined || record.batch === batch) && record.at >= isoTime(sinceMs))
          .toSorted((a, b) => (a.at < b.at ? 1 : -1) || a.line - b.line);
        jobs += found.length;
        if (options.json) for (const record of found) printJsonLine(io, record);
        else if (found.length > 0) printJobs(io, found);
      }
      // What was denied is kept for longer than the batch's item: only what has neither is unknown.
      if (jobs === 0 && batch !== undefined && (await connection.batches().read(batch)) === undefined)
        throw workFailed(`${unknownBatch(batch)} Of one that is older than 30 days, say with --since how old.`);
      const of = batch === undefined ? "" : ` of ${batch}`;
      if (!options.json)
        io.stdout.write(
          jobs === 0
            ? `No job${of} was denied by policy since ${isoTime(sinceMs).slice(0, 10)}.\n`
            : `${countOf(jobs, "job")} denied by policy.\n`,
        );
      done(0);
    } finally {
      connection.close();
    }
  });
};

function printJobs(io: Io, records: readonly AuditRecord[]): void {
  printTable(
    io.stdout,
    ["At (UTC)", "Batch or chunk", "Line", "Class", "Because", "Who may not see it, and why"].map((title) => ({
      title,
    })),
    records.map((record) => [
      record.at.slice(0, 19).replace("T", " "),
      record.batch ?? record.chunk,
      String(record.line),
      ...(record.kind === "decision"
        ? [record.dataClass ?? "–", record.dataClassReason ?? "–"]
        : ["–", "on a later hop"]),
      reasonsOf(record),
    ]),
  );
}

/** Every deployment's reason; or what kept the job from being asked about any. */
function reasonsOf(record: AuditRecord): string {
  const rejected = record.kind === "decision" ? record.rejected : record.refused;
  const reasons = rejected.map(({ deployment, reason }) => `${deployment}: ${reason}`);
  return reasons.join("\n") || (record.kind === "decision" ? (record.message ?? "–") : "–");
}
