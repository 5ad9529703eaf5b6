import type { BatchStore, Clock } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";

export type CancelOutcome =
  | { kind: "cancelled"; batch: Batch }
  /** It was cancelled before: `batch.cancelledAtMs` says when. */
  | { kind: "already-cancelled"; batch: Batch }
  /** Nothing is left to stop. */
  | { kind: "over"; batch: Batch }
  | { kind: "unknown" };

/**
 * Sets a batch's flag. What has not started ends as cancelled within seconds of being looked at, what is in flight
 * finishes and counts; the batch ends as soon as every line has.
 */
export async function cancelBatch(
  id: string,
  deps: { batches: Pick<BatchStore, "apply">; clock: Clock },
): Promise<CancelOutcome> {
  const { applied, batch } = await deps.batches.apply(id, { type: "cancel", nowMs: deps.clock() });
  if (batch === undefined) return { kind: "unknown" };
  if (applied) return { kind: "cancelled", batch };
  return batch.completedAtMs === undefined ? { kind: "already-cancelled", batch } : { kind: "over", batch };
}
