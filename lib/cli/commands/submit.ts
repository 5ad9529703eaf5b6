import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { findBatchFile } from "../batches/batch-file.ts";
import { addBatchOptions, BatchOptions, metadataOf } from "../batches/batch-options.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { wrongUse } from "../errors.ts";
import { countOf } from "../format.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { earlierOutput, resultsDirectory } from "../resume/earlier-results.ts";
import { copyKept } from "../resume/merge-kept.ts";
import type { Parted } from "../resume/part-batch.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  ...BatchOptions.shape,
  resume: z.string().optional(),
  json: z.boolean().default(false),
});

/** `submit FILE`: uploads a batch and says its id; does not wait. */
export const submit: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("submit")
    .description("upload a JSONL file of requests as a batch and print the batch's id, without waiting for it")
    .argument("<file>", "OpenAI batch lines, one request a line")
    .option("--resume <batch|dir>", "run only lines that have no answer there; `results` merges both, in input order")
    .option("--json", "print {batch, key, bucket} as JSON, and {kept, run} with --resume");
  addConnectionOptions(addBatchOptions(command)).action(async (given: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const metadata = metadataOf(options);
    const file = await findBatchFile(given, io.cwd);
    if (file.bytes === 0) throw wrongUse(`${given} is empty: it holds no requests.`);
    const { connect } = await import("../connection/connect.ts");
    const { uniqueUploadName, uploadBatch } = await import("../batches/upload-batch.ts");
    const connection = await connect(io, options, ["bucket"]);
    const temporary = await mkdtemp(join(tmpdir(), "switchyard-submit-"));
    try {
      const bucket = connection.target.name("bucket");
      const to = { s3: connection.s3, bucket };
      const parted = options.resume === undefined ? undefined : await part(options.resume);
      const parts = parted === undefined ? {} : { kept: parted.kept, run: parted.run };
      if (parted?.run === 0) {
        if (options.json) printJson(io, { batch: null, key: null, bucket, ...parts });
        else io.stdout.write(`Every line of ${given} has an answer in ${options.resume}: there is nothing to run.\n`);
        return done(0);
      }
      const sent = parted === undefined ? file : { ...file, path: parted.rest };
      const { id, key } = await uploadBatch(sent, to, {
        metadata,
        unique: uniqueUploadName(io.clock(), randomUUID(), options.prefix),
      });
      if (parted !== undefined) {
        await copyKept(temporary, resultsDirectory(io.cwd, id));
        io.stderr.write(`${countOf(parted.run, "line")} to run, ${countOf(parted.kept, "answer")} kept.\n`);
      }
      if (options.json) printJson(io, { batch: id, key, bucket, ...parts });
      else {
        io.stdout.write(`${id}\n`);
        io.stderr.write(`Uploaded to s3://${bucket}/${key}. "npx switchyard wait ${id}" waits for its results.\n`);
      }
      done(0);
    } finally {
      await rm(temporary, { recursive: true, force: true });
      connection.close();
    }

    async function part(resumed: string): Promise<Parted> {
      const { partBatch } = await import("../resume/part-batch.ts");
      const output = await earlierOutput(resumed, io.cwd, () => connection.intake());
      return partBatch(file.path, output, temporary);
    }
  });
};
