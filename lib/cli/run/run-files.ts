import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { awsCostUsdPerMillionJobs } from "../../local/aws-cost.ts";
import { addUsage, noUsage, type Usage } from "../../local/usage.ts";
import { writeAudit } from "../audit/write-audit.ts";
import { type BatchFile, resultNames } from "../batches/batch-file.ts";
import { type BatchStatus, readBatchStatus, stagesOf } from "../batches/batch-status.ts";
import { type FetchedResults, fetchResults } from "../batches/fetch-results.ts";
import { uniqueUploadName, uploadBatch } from "../batches/upload-batch.ts";
import { waitForBatch } from "../batches/wait-for-batch.ts";
import { type Connection, connectTo } from "../connection/connect.ts";
import { workFailed } from "../errors.ts";
import type { Io } from "../io.ts";
import { engineTarget } from "../local-stack/engine-target.ts";
import type { LocalStack } from "../local-stack/start-local-stack.ts";
import type { Progress } from "../progress.ts";
import { mergeKept } from "../resume/merge-kept.ts";

/** One file's way through the stack. */
type FileRun = { file: BatchFile; id: string; directory: string } & FetchedResults;

export type RunOutcome = {
  runs: FileRun[];
  /** From the first upload until the last results are on this machine. */
  seconds: number;
  /** By `service.Operation`: what the functions and the services that act for the stack called. */
  awsCalls: Record<string, number>;
  awsCostUsdPerMillionJobs: number | undefined;
};

/** How often the state of a batch is looked at. */
const everyMs = 200;
/** A batch unknown for longer than this was lost on its way to plan. */
const unknownMs = 120_000;

/** Sends files through a stack on this machine, all at once, and fetches their results. Throws CommandError when interrupted. */
export async function runFiles(
  io: Io,
  stack: LocalStack,
  files: readonly BatchFile[],
  options: {
    metadata: Record<string, string>;
    /** Uploads go under `uploads/<prefix>`. */
    prefix?: string | undefined;
    out: string | undefined;
    progress: Progress;
    /** Of a file that is resumed: where what is kept of the earlier run is. */
    kept?: string | undefined;
  },
): Promise<RunOutcome> {
  const startedMs = io.clock();
  const connection = connectTo(engineTarget(stack), io.clock);
  const names = resultNames(files);
  const statuses = new Map<string, BatchStatus | undefined>(names.map((name) => [name, undefined]));
  const show = () =>
    options.progress.show(
      [...statuses].flatMap(([name, status]) => stagesOf(status, files.length === 1 ? "" : `${name} `)),
    );

  try {
    const runs = await Promise.all(
      files.map(async (file, index) => {
        const name = names[index] ?? file.name;
        const directory = outDirectory(io.cwd, options.out, name, files.length);
        return runFile(io, connection, file, { ...options, directory }, (status) => {
          statuses.set(name, status);
          show();
        });
      }),
    );
    options.progress.end();
    const usage = stack.engine.usage();
    const jobs = runs.reduce((sum, { manifest }) => sum + manifest.counts.accepted, 0);
    return {
      runs,
      seconds: (io.clock() - startedMs) / 1000,
      awsCalls: callsOf(usage),
      awsCostUsdPerMillionJobs: awsCostUsdPerMillionJobs(usage, jobs),
    };
  } finally {
    connection.close();
  }
}

async function runFile(
  io: Io,
  connection: Connection,
  file: BatchFile,
  options: {
    metadata: Record<string, string>;
    prefix?: string | undefined;
    directory: string;
    kept?: string | undefined;
  },
  onStatus: (status: BatchStatus | undefined) => void,
): Promise<FileRun> {
  const intake = connection.intake();
  const { id } = await uploadBatch(
    file,
    { s3: connection.s3, bucket: connection.target.name("bucket") },
    { metadata: options.metadata, unique: uniqueUploadName(io.clock(), randomUUID(), options.prefix) },
  );
  const stores = { batches: connection.batches(), chunks: connection.chunks(), clock: io.clock };
  const ended = await waitForBatch(id, {
    read: () => readBatchStatus(id, stores),
    onStatus,
    everyMs,
    unknownMs,
    clock: io.clock,
    interrupted: io.interrupted,
  });
  if (ended === undefined) throw workFailed("Interrupted: the engine was stopped before the results were there.");
  const ran = await fetchResults(id, intake, options.directory);
  const fetched = options.kept === undefined ? ran : await mergeKept(ran, options.kept, options.directory);
  // The engine is gone when the command ends, and what it recorded with it.
  await writeAudit(id, connection, options.directory);
  return { file, id, directory: options.directory, ...fetched };
}

function outDirectory(cwd: string, out: string | undefined, name: string, files: number): string {
  if (out === undefined) return join(cwd, "switchyard-results", name);
  const directory = resolve(cwd, out);
  return files === 1 ? directory : join(directory, name);
}

function callsOf(usage: Usage): Record<string, number> {
  const total = noUsage();
  addUsage(total, usage.functions);
  addUsage(total, usage.services);
  return Object.fromEntries(Object.entries(total.calls).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
