import type { Queue } from "../ports.ts";
import { allChunksDone } from "../protocol/batch.ts";
import type { UploadMessage } from "../protocol/messages.ts";
import { askForCollect } from "./settle.ts";
import { type Remade, type SweepChunksDeps, sweepChunks } from "./sweep-chunks.ts";

export type RepairBatchDeps = SweepChunksDeps & { uploads: Queue };

export type RepairedBatch =
  | { kind: "unknown" }
  /** Its results are there and announced. */
  | { kind: "over" }
  /** Its upload is to be read again. */
  | { kind: "announced" }
  /** Its results are to be collected. */
  | { kind: "collecting" }
  /** `held` shards belong to a worker, and `waiting` ones to a time to come. */
  | ({ kind: "running"; held: number; waiting: number } & Remade);

/** What was made again so short a time ago is on its way. */
const onItsWayMs = 60_000;

/**
 * Asks at once for what sweep asks for after long: the messages of all that nobody holds and that waits for nothing. A
 * message too many does no harm.
 */
export async function repairBatch(id: string, deps: RepairBatchDeps): Promise<RepairedBatch> {
  const nowMs = deps.clock();
  const batch = await deps.batches.read(id);
  if (batch === undefined) return { kind: "unknown" };
  if (batch.announced === true) return { kind: "over" };
  if (batch.state === "planning") {
    const message: UploadMessage = { detail: { object: { key: batch.key, etag: batch.etag } } };
    await deps.uploads.send([{ body: JSON.stringify(message) }]);
    return { kind: "announced" };
  }
  if (batch.state !== "running" || allChunksDone(batch)) {
    await askForCollect({ kind: "batch", batch: id }, deps);
    await deps.batches.apply(id, { type: "ask-collect", nowMs });
    return { kind: "collecting" };
  }
  const found = { repairs: 0, requeued: 0, held: 0, waiting: 0 };
  await sweepChunks(
    batch,
    {
      unplanned: () => true,
      shard({ leaseUntilMs, notBeforeMs = 0, repairedAtMs = 0 }) {
        if (leaseUntilMs > nowMs) found.held += 1;
        else if (notBeforeMs > nowMs) found.waiting += 1;
        else return nowMs - repairedAtMs > onItsWayMs;
        return false;
      },
    },
    found,
    deps,
  );
  return { kind: "running", ...found };
}
