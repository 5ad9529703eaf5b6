import * as z from "zod";
import type { AuditRecord } from "../../core/work/audit-record.ts";
import { auditFile, auditOfBatch, auditOfFile, auditOfJob } from "../audit/audit-sources.ts";
import { byLine, type LineAudit, printAuditTable, printLineAudit } from "../audit/print-audit.ts";
import type { CliCommand } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed, wrongUse } from "../errors.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printJsonLine } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  config: z.string().optional(),
  facts: z.boolean().default(false),
  line: z.coerce.number({ error: "must be a line's number" }).int().positive().optional(),
  tenant: z.string().optional(),
  json: z.boolean().default(false),
});
type Options = z.infer<typeof Options>;

/** Rows printed as one table. */
const rowsAtOnce = 1000;

/** `audit BATCH|JOB|DIRECTORY`: why each job was allowed where it went; `audit --facts`: on whose word. */
export const audit: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("audit")
    .description(
      "show what was decided for each job and why, and every hop; or the evidence for the deployments' facts",
    )
    .argument("[what]", "a batch's id, the id of a job queued singly, or a directory of results that run has written")
    .option("--line <number>", "one line of the batch, in full")
    .option("--tenant <name>", "the tenant of a job queued singly, if it has one")
    .option("--facts", "print the facts of the configuration: on whose word, until when, and who relies on them")
    .option("--config <file>", "configuration for --facts (default: switchyard.yaml here, else the example's)")
    .option("--json", "print a JSON document a record (or {policyVersion, facts: [...]} with --facts)");
  addConnectionOptions(command).action(async (what: string | undefined, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    if (options.facts) await showFacts(options, io);
    else if (what === undefined)
      throw wrongUse("Say what to audit: a batch, a job, a directory of results, or --facts.");
    else await withRecords(what, options, io, (records, failure) => show(records, failure, options, io));
    done(0);
  });
};

async function showFacts({ config, json }: Options, io: Io): Promise<void> {
  const { factsOf, printFacts } = await import("../audit/facts.ts");
  const { document } = await readConfiguration(io, config);
  const facts = factsOf(document.policy, io.clock());
  if (json) printJson(io, { policyVersion: document.version, facts });
  else printFacts(io, facts, document.version, io.clock());
}

type Records = AsyncIterable<AuditRecord> | Iterable<AuditRecord>;

async function withRecords(
  what: string,
  options: Options,
  io: Io,
  use: (records: Records, failure?: string) => Promise<void>,
): Promise<void> {
  const file = auditFile(what, io.cwd);
  if (file !== undefined) return use(auditOfFile(file));
  const { connect } = await import("../connection/connect.ts");
  const connection = await connect(io, options, ["table", "generalBucket", "restrictedBucket"]);
  try {
    const batch = await auditOfBatch(what, connection);
    if (batch !== undefined) return await use(batch.records, batch.failure);
    const records = await auditOfJob(what, options.tenant, connection);
    if (records === undefined)
      throw workFailed(
        `There is no batch, no job and no directory of results ${what}. A batch's id is what submit prints; a job with a tenant is found with --tenant.`,
      );
    await use(records);
  } finally {
    connection.close();
  }
}

async function show(records: Records, failure: string | undefined, { line, json }: Options, io: Io): Promise<void> {
  let lines = 0;
  let held: LineAudit[] = [];
  for await (const found of byLine(records)) {
    if (line !== undefined && found.line !== line) continue;
    lines += 1;
    if (json) for (const record of [found.decision ?? [], found.hops].flat()) printJsonLine(io, record);
    else if (line !== undefined) printLineAudit(io, found);
    else held.push(found);
    if (held.length < rowsAtOnce) continue;
    printAuditTable(io, held);
    held = [];
  }
  if (lines === 0) throw workFailed(nothingRecorded(line, failure));
  if (json || line !== undefined) return;
  // A job queued singly is one line: then all of it.
  const [only] = held;
  if (lines === 1 && only !== undefined) return printLineAudit(io, only);
  if (held.length > 0) printAuditTable(io, held);
  io.stdout.write(
    `${countOf(lines, "line")}. --line NUMBER shows one in full, with what was found and who was rejected.\n`,
  );
}

function nothingRecorded(line: number | undefined, failure: string | undefined): string {
  if (failure !== undefined) return `The batch failed as a whole, so nothing was decided for its lines: ${failure}`;
  return line === undefined
    ? "Nothing has been recorded yet: it is not classified."
    : `Nothing is recorded of line ${line}.`;
}
