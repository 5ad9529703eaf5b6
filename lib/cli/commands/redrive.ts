import * as z from "zod";
import { deployedOf } from "../../core/configuration/policy-state.ts";
import type { RepairedBatch } from "../../core/work/repair-batch.ts";
import type { CliCommand } from "../command.ts";
import type { Connection } from "../connection/connect.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { type ExitCode, workFailed } from "../errors.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });
type Options = z.infer<typeof Options>;

const what = `
What can be redriven:
  jobs, uploads, chunks, collect   dead letters of that queue, to the queue
  LANE, such as bedrock-us-east-1-general, or lost-general, lost-restricted
                                   what fallback of the zone could not handle, to the dead letters of the lane (or of one
                                   of the zone): fallback reads them again. Dead letters of lanes move on by themselves
  BATCH, such as b-0123…           makes every message again that nobody holds and that waits for nothing`;

/** `redrive LANE|BATCH`: what stopped is tried again, after its cause is gone. */
export const redrive: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("redrive")
    .description("try again what stopped: the dead letters of a queue or a lane, or whatever stands still of a batch")
    .argument("<what>", "a queue, a lane, or a batch's id")
    .option("--json", "print {from, to, how, messages}, or {batch, outcome, …}, as JSON")
    .addHelpText("after", what);
  addConnectionOptions(command).action(async (name: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const isBatch = /^b-[0-9a-f]+$/.test(name);
    const { connect } = await import("../connection/connect.ts");
    const connection = await connect(io, options, isBatch ? ["table", "bucket"] : ["table", "policyBucket"]);
    try {
      done(await (isBatch ? redriveBatch(io, name, options, connection) : redriveQueue(io, name, options, connection)));
    } finally {
      connection.close();
    }
  });
};

async function redriveQueue(io: Io, name: string, { json }: Options, connection: Connection): Promise<ExitCode> {
  const { routeOf } = await import("../redrive/route.ts");
  const { moveMessages } = await import("../redrive/move-messages.ts");
  const { readDocument, readPolicyState } = await import("../policies/open-policies.ts");
  const policies = connection.policies();
  const { policy } = await readDocument(policies, deployedOf(await readPolicyState(policies)).version);
  const route = routeOf(name, policy);
  const moved = await moveMessages(route, connection.sqs, connection.target.endpoint !== undefined);
  if (json) printJson(io, { ...route, ...moved });
  else if (moved.messages === 0) io.stdout.write(`switchyard-${route.from} is empty: there is nothing to redrive.\n`);
  else
    io.stdout.write(
      `${moved.how === "moved" ? "Moved" : "SQS is moving about"} ${countOf(moved.messages, "message")} ` +
        `from switchyard-${route.from} to switchyard-${route.to}.\n`,
    );
  return 0;
}

async function redriveBatch(io: Io, batch: string, { json }: Options, connection: Connection): Promise<ExitCode> {
  const { repairBatch } = await import("../../core/work/repair-batch.ts");
  const { queueUrl } = await import("../redrive/move-messages.ts");
  const queue = async (name: string) => connection.queue(await queueUrl(name, connection.sqs));
  const repaired = await repairBatch(batch, {
    clock: io.clock,
    intake: connection.intake(),
    batches: connection.batches(),
    chunks: connection.chunks(),
    open: connection.open(),
    chunksQueue: await queue("chunks"),
    collect: await queue("collect"),
    uploads: await queue("uploads"),
  });
  if (repaired.kind === "unknown")
    throw workFailed(
      `There is no batch ${batch}. "npx switchyard status" lists the newest; an upload that was never read is announced again ` +
        "by sweep, 15 minutes after it.",
    );
  const { kind: outcome, ...counts } = repaired;
  if (json) printJson(io, { batch, outcome, ...counts });
  else io.stdout.write(`${sentence(batch, repaired)}\n`);
  return 0;
}

function sentence(batch: string, repaired: Exclude<RepairedBatch, { kind: "unknown" }>): string {
  switch (repaired.kind) {
    case "over":
      return `Batch ${batch} is over: there is nothing to redrive.`;
    case "announced":
      return `The upload of batch ${batch} was announced again: it is being planned.`;
    case "collecting":
      return `Every line of batch ${batch} has ended: its results were asked to be collected again.`;
    case "running": {
      const { repairs, requeued, held, waiting } = repaired;
      const rest = `${countOf(held, "shard")} ${held === 1 ? "is" : "are"} being worked on, ${waiting} wait for a time to come`;
      return `Batch ${batch}: made ${countOf(repairs, "shard's message", "shards' messages")} and ${countOf(requeued, "chunk's", "chunks'")} again; ${rest}.`;
    }
  }
}
