import { randomUUID } from "node:crypto";
import * as z from "zod";
import { findBatchFile } from "../batches/batch-file.ts";
import { addBatchOptions, BatchOptions, metadataOf } from "../batches/batch-options.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { wrongUse } from "../errors.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, ...BatchOptions.shape, json: z.boolean().default(false) });

/** `submit FILE`: uploads a batch and says its id; does not wait. */
export const submit: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("submit")
    .description("upload a JSONL file of requests as a batch and print the batch's id, without waiting for it")
    .argument("<file>", "OpenAI batch lines, one request a line")
    .option("--json", "print {batch, key, bucket} as JSON");
  addConnectionOptions(addBatchOptions(command)).action(async (given: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const metadata = metadataOf(options);
    const file = await findBatchFile(given, io.cwd);
    if (file.bytes === 0) throw wrongUse(`${given} is empty: it holds no requests.`);
    const { connect } = await import("../connection/connect.ts");
    const { uniqueUploadName, uploadBatch } = await import("../batches/upload-batch.ts");
    const connection = await connect(io, options, ["bucket"]);
    try {
      const bucket = connection.target.name("bucket");
      const to = { s3: connection.s3, bucket };
      const { id, key } = await uploadBatch(file, to, {
        metadata,
        unique: uniqueUploadName(io.clock(), randomUUID()),
      });
      if (options.json) printJson(io, { batch: id, key, bucket });
      else {
        io.stdout.write(`${id}\n`);
        io.stderr.write(`Uploaded to s3://${bucket}/${key}. "switchyard wait ${id}" waits for its results.\n`);
      }
      done(0);
    } finally {
      connection.close();
    }
  });
};
