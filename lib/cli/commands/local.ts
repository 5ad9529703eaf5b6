import { once } from "node:events";
import { join, resolve } from "node:path";
import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { readConfiguration } from "../configuration.ts";
import { type LocalFile, readLocalFile, removeLocalFile, writeLocalFile } from "../connection/local-file.ts";
import { wrongUse } from "../errors.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { createProgress, noProgress } from "../progress.ts";

const notPort = "must be a port, 1 to 65535";

const Options = z.object({
  config: z.string().optional(),
  region: z.string().optional(),
  port: z
    .string()
    .regex(/^\d+$/, notPort)
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535, notPort)
    .optional(),
  data: z.string().optional(),
  live: z.boolean().default(false),
  faults: z.string().optional(),
  json: z.boolean().default(false),
});

/** `local`: the stack on this machine until it is interrupted. */
export const local: CliCommand = ({ program, io, done }) => {
  program
    .command("local")
    .description("run the whole stack on this machine until interrupted; any AWS client can be pointed at it")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--region <region>", "the stack to run (default: the configuration's first region)")
    .option("--port <port>", "port of the SQS and S3 endpoint (default: any free one)")
    .option("--data <dir>", "keep messages, objects and items there from one start to the next (default: in memory)")
    .option("--live", "call the real providers whose credentials are in the environment")
    .option("--faults <file>", "what the simulated providers do wrong")
    .option("--json", "print what .switchyard/local.json says as JSON")
    .action(async (parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      await refuseSecond(io);
      const configuration = await readConfiguration(io, options.config);
      const { startLocalStack } = await import("../local-stack/start-local-stack.ts");
      const { localFileOf } = await import("../local-stack/engine-target.ts");
      const stateDirectory = join(io.cwd, ".switchyard", "local");
      const progress = options.json ? noProgress(io.stderr) : createProgress(io.stderr, io.clock);
      const { region, faults, live, port, data } = options;
      const stack = await startLocalStack(
        io,
        {
          configuration,
          region,
          faults,
          live,
          stateDirectory,
          ...(port === undefined ? {} : { port }),
          ...(data === undefined ? {} : { dataDirectory: resolve(io.cwd, data) }),
        },
        progress,
      );
      try {
        const file = localFileOf(stack);
        await writeLocalFile(io.cwd, file);
        if (options.json) printJson(io, file);
        else printFound(io, file, stateDirectory);
        if (!io.interrupted.aborted) await once(io.interrupted, "abort");
      } finally {
        progress.step("Stopping …");
        await removeLocalFile(io.cwd);
        await stack.stop();
      }
      done(0);
    });
};

/** Two engines in one directory would take each other's `.switchyard/local.json`. */
async function refuseSecond(io: Io): Promise<void> {
  const other = await readLocalFile(io.cwd);
  if (other === undefined) return;
  const answers = await fetch(other.endpoint, { signal: AbortSignal.timeout(2000) }).then(
    () => true,
    () => false,
  );
  if (answers)
    throw wrongUse(
      `A local engine that was started in this directory runs already, at ${other.endpoint}. ` +
        "Use it, stop it, or start this one in another directory.",
    );
}

function printFound(io: Io, file: LocalFile, stateDirectory: string): void {
  const bold = (text: string) => io.stdout.style("bold", text);
  io.stdout.write(
    `${[
      "Switchyard runs on this machine. Stop it with Ctrl-C.",
      "",
      `  SQS and S3   ${bold(file.endpoint)}`,
      `  DynamoDB     ${file.dynamodbEndpoint}`,
      `  region       ${file.region}`,
      `  jobs queue   ${file.jobsQueueUrl}`,
      `  bucket       ${file.bucket}`,
      `  table        ${file.table}`,
      `  logs         ${join(stateDirectory, "logs")}`,
      "",
      "In this directory: npx switchyard submit FILE, enqueue FILE, status, wait BATCH, results BATCH, result JOB, audit BATCH, quarantine, costs.",
      "With any other AWS client:",
      `  export AWS_ENDPOINT_URL=${file.endpoint} AWS_REGION=${file.region} AWS_DEFAULT_REGION=${file.region} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
      `  aws --endpoint-url $AWS_ENDPOINT_URL s3 cp batch.jsonl s3://${file.bucket}/uploads/batch.jsonl`,
      `  aws --endpoint-url $AWS_ENDPOINT_URL sqs send-message --queue-url ${file.jobsQueueUrl} --message-body '{"id": "job-1", "body": {"model": "auto", "messages": [{"role": "user", "content": "Hello"}]}}'`,
    ].join("\n")}\n`,
  );
}
