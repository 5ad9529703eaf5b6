import * as z from "zod";
import { jobKey } from "../../core/batch-id.ts";
import { findResult } from "../../core/work/find-result.ts";
import { sha256 } from "../../runtime/ids.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { workFailed } from "../errors.ts";
import { duration, usd } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  tenant: z.string().optional(),
  json: z.boolean().default(false),
});

/** `result JOB`: the result of a job queued singly. */
export const result: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("result")
    .description(
      "show the result of one job that was sent to the jobs queue; exit code 1 if it failed or is not there yet",
    )
    .argument("<job>", "the id in the job's message")
    .option("--tenant <name>", "the tenant in the job's message, if it named one")
    .option("--json", "print the result as it would stand in output.jsonl or errors.jsonl");
  addConnectionOptions(command).action(async (id: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, ["table", "bucket", "generalBucket", "restrictedBucket"]);
    try {
      const pointer = await connection.jobs().read(jobKey(options.tenant, id, sha256));
      const deps = { chunks: connection.chunks(), intake: connection.intake(), zones: connection.zones() };
      const found = await findResult(pointer, deps);
      if (found.kind === "unknown")
        throw workFailed(
          `There is no job ${id}${options.tenant === undefined ? "" : ` of tenant ${options.tenant}`} yet. A job is known a few ` +
            'seconds after it was sent; a job with a tenant is found with --tenant, a line of a batch with "npx switchyard results", and a message that had no usable id by the MessageId that SQS gave it.',
        );
      if (found.kind === "pending") throw workFailed(`Job ${id} has been accepted and has no result yet.`);
      const line = ResultLine.parse(found.line);
      if (options.json) printJson(io, found.line);
      else printResult(io, line);
      done(line.error === null ? 0 : 1);
    } finally {
      connection.close();
    }
  });
};

/** What is shown of a line of `output.jsonl` or `errors.jsonl`. */
const ResultLine = z.looseObject({
  custom_id: z.string().nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  response: z
    .looseObject({
      body: z.looseObject({
        choices: z.array(z.looseObject({ message: z.looseObject({ content: z.string().nullish() }) })).optional(),
      }),
    })
    .nullable(),
  switchyard: z.looseObject({
    deployment: z.string().nullable(),
    tier: z.string().nullable(),
    dataClass: z.string().nullable(),
    decision: z.looseObject({ strategy: z.string().nullable(), reason: z.string().nullable() }),
    attempts: z.array(
      z.looseObject({ deployment: z.string(), outcome: z.string(), latencyMs: z.number(), costUsd: z.number() }),
    ),
    costUsd: z.number(),
  }),
});

function printResult(io: Io, { custom_id: id, error, response, switchyard }: z.infer<typeof ResultLine>): void {
  const { decision, attempts } = switchyard;
  const chosen = switchyard.deployment ?? "no deployment";
  io.stdout.write(
    `${io.stdout.style("bold", id ?? "")}  ${chosen}, tier ${switchyard.tier ?? "–"}, class ${switchyard.dataClass ?? "–"}\n`,
  );
  if (decision.strategy !== null) io.stdout.write(`Routed by ${decision.strategy}: ${decision.reason ?? ""}\n`);
  if (attempts.length > 0)
    printTable(
      io.stdout,
      [
        { title: "Attempt" },
        { title: "Outcome" },
        { title: "Latency", align: "right" },
        { title: "Cost", align: "right" },
      ],
      attempts.map(({ deployment, outcome, latencyMs, costUsd }) => [
        deployment,
        outcome,
        duration(latencyMs),
        usd(costUsd),
      ]),
    );
  if (error !== null) io.stdout.write(`${io.stdout.style("red", error.code)}: ${error.message}\n`);
  else io.stdout.write(`\n${response?.body.choices?.[0]?.message.content ?? ""}\n`);
}
