import { chunkId } from "../batch-id.ts";
import type { PolicyDocument } from "../configuration/document.ts";
import type { BatchStore, ChunkStore, Clock, OpenStore } from "../ports.ts";
import { allChunksDone, type Batch, endStateOf, isConserved } from "../protocol/batch.ts";
import { totalCost } from "../protocol/counts.ts";
import { Channel } from "./channel.ts";
import { keys } from "./keys.ts";
import { ManifestBuilder } from "./manifest.ts";
import { type ReadDeps, readEnded, readPlan } from "./read-chunk.ts";
import { resultLine, usd } from "./result-line.ts";

/** What people and systems are told when a batch is over. */
export type BatchCompleted = {
  batch: string;
  key: string;
  state: "completed" | "cancelled" | "failed";
  counts: { accepted: number; succeeded: number; failed: number; cancelled: number };
  costUsd: number;
  output: string;
  errors: string;
  manifest: string;
};

export type CollectDeps = ReadDeps & {
  clock: Clock;
  isoTime: (ms: number) => string;
  batches: BatchStore;
  chunks: ChunkStore;
  open: OpenStore;
  policy: (version: string) => Promise<PolicyDocument>;
  announce: (event: BatchCompleted) => Promise<void>;
};

/** Result text held for an upload that is slower than the reading. */
const aheadCharacters = 4 * 1024 * 1024;

/**
 * Streams a batch's segments into `output.jsonl` and `errors.jsonl` in input order, writes the manifest, completes the
 * batch and announces it. Its output is a function of committed state alone: two collectors write the same bytes.
 */
export async function collectBatch(
  id: string,
  deps: CollectDeps,
): Promise<"collected" | "not-ready" | "nothing-to-do"> {
  const batch = await deps.batches.read(id);
  if (batch === undefined || batch.announced === true) return "nothing-to-do";
  if (batch.state === "planning" || (batch.state === "running" && !allChunksDone(batch))) return "not-ready";
  // A batch that does not add up is never called completed.
  if (batch.state === "running" && !isConserved(batch))
    throw new Error(`Batch ${id} does not add up: ${JSON.stringify(batch.counts)} of ${batch.lines} lines.`);

  const { policy } = await deps.policy(batch.policy);
  const completedAtMs = batch.completedAtMs ?? (await endOf(id, deps));
  const manifest = new ManifestBuilder(policy, deps.isoTime);
  if (batch.state !== "failed") await writeResults(batch, manifest, deps);
  if (batch.state === "running" && manifest.lines !== batch.lines)
    throw new Error(`Batch ${id} has ${manifest.lines} results for ${batch.lines} lines.`);
  await writeText(
    keys.result(id, "manifest.json"),
    `${JSON.stringify(manifest.build(batch, completedAtMs), undefined, 2)}\n`,
    deps,
  );
  const state = endStateOf(batch);
  if (batch.state === "running" && state !== "failed")
    await deps.batches.apply(id, { type: "complete", completedAtMs, state });
  await deps.announce(eventOf(batch));
  await deps.batches.apply(id, { type: "announced" });
  await deps.open.remove({ kind: "batch", id });
  return "collected";
}

/** When the batch ended, as the first collector saw it: the manifest of each later one says the same. */
async function endOf(id: string, { batches, clock }: CollectDeps): Promise<number> {
  const nowMs = clock();
  const { batch } = await batches.apply(id, { type: "end", nowMs });
  return batch?.endedAtMs ?? batch?.completedAtMs ?? nowMs;
}

async function writeResults(batch: Batch, manifest: ManifestBuilder, deps: CollectDeps): Promise<void> {
  const files = { output: new Channel(aheadCharacters), errors: new Channel(aheadCharacters) };
  const reading = (async () => {
    try {
      for (let number = 0; number < (batch.chunks ?? 0); number++) {
        const chunkKey = chunkId(batch.id, number);
        const chunk = await deps.chunks.read(chunkKey);
        if (chunk === undefined) throw new Error(`The chunk ${chunkKey} is not there.`);
        const plan = await readPlan(chunk, deps.intake);
        for await (const job of readEnded(chunkKey, chunk, plan, deps)) {
          manifest.add(job);
          const { file, line } = resultLine(job);
          await files[file].push(`${JSON.stringify(line)}\n`);
        }
      }
      files.output.end();
      files.errors.end();
    } catch (error) {
      files.output.fail(error);
      files.errors.fail(error);
      throw error;
    }
  })();
  const write = (file: "output" | "errors") =>
    deps.intake
      .write(keys.result(batch.id, `${file}.jsonl`), files[file], "application/jsonl")
      .catch((error: unknown) => {
        files[file].fail(error);
        throw error;
      });
  await Promise.all([reading, write("output"), write("errors")]);
}

async function writeText(key: string, text: string, deps: CollectDeps): Promise<void> {
  await deps.intake.write(
    key,
    (async function* () {
      yield text;
    })(),
    "application/json",
  );
}

function eventOf(batch: Batch): BatchCompleted {
  return {
    batch: batch.id,
    key: batch.key,
    state: endStateOf(batch),
    counts: { accepted: batch.lines ?? 0, ...batch.counts },
    costUsd: usd(totalCost(batch.costNanoUsd)),
    output: keys.result(batch.id, "output.jsonl"),
    errors: keys.result(batch.id, "errors.jsonl"),
    manifest: keys.result(batch.id, "manifest.json"),
  };
}
