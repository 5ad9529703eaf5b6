import { chunkId } from "../batch-id.ts";
import type { BatchStore, ChunkStore } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";
import { addCost, addCounts, type CostByDeployment, type Counts, noCounts, totalOf } from "../protocol/counts.ts";
import { isDone } from "../protocol/effects.ts";

/**
 * Adds a batch's counts and cost up again from its chunks, where every line was committed once. `wrong`: the chunks do
 * not account for every line either, and only a person can tell why.
 */
export async function recount(
  batch: Batch,
  deps: { batches: Pick<BatchStore, "apply">; chunks: Pick<ChunkStore, "read"> },
): Promise<"recounted" | "wrong"> {
  let counts: Counts = noCounts;
  let costNanoUsd: CostByDeployment = {};
  for (let number = 0; number < (batch.chunks ?? 0); number++) {
    const chunk = await deps.chunks.read(chunkId(batch.id, number));
    if (chunk === undefined || !isDone(chunk) || totalOf(chunk.counts) !== chunk.lines) return "wrong";
    counts = addCounts(counts, chunk.counts);
    costNanoUsd = addCost(costNanoUsd, chunk.costNanoUsd);
  }
  if (totalOf(counts) !== batch.lines) return "wrong";
  const { applied } = await deps.batches.apply(batch.id, { type: "recount", seen: batch.counts, counts, costNanoUsd });
  return applied ? "recounted" : "wrong";
}
