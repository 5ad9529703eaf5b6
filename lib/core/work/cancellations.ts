import type { BatchStore, Clock } from "../ports.ts";

/** Which batches were cancelled, as a worker asks before it claims, and before every call. */
export interface Cancellations {
  /** False for jobs queued singly, which have no batch. */
  has(batch: string | undefined): Promise<boolean>;
}

/** How long what was read of a batch is good for: what starts after a cancellation starts within this time of it. */
const readEveryMs = 3000;
/** Batches that a worker remembers. */
const mostKnown = 256;

/** Lives as long as its worker, over invocations; one read in three seconds for each batch that it has jobs of. */
export function createCancellations(deps: { clock: Clock; batches: Pick<BatchStore, "read"> }): Cancellations {
  const known = new Map<string, { readAtMs: number; cancelled: boolean }>();
  const reading = new Map<string, Promise<boolean>>();

  async function read(batch: string, before: boolean): Promise<boolean> {
    if (known.size >= mostKnown) known.clear();
    // Set first: a table that does not answer is not asked again for every job.
    known.set(batch, { readAtMs: deps.clock(), cancelled: before });
    const cancelled = (await deps.batches.read(batch))?.cancelledAtMs !== undefined;
    known.set(batch, { readAtMs: deps.clock(), cancelled });
    return cancelled;
  }

  return {
    async has(batch) {
      if (batch === undefined) return false;
      const pending = reading.get(batch);
      if (pending !== undefined) return pending;
      const last = known.get(batch);
      // A cancellation is never taken back.
      if (last !== undefined && (last.cancelled || deps.clock() - last.readAtMs < readEveryMs)) return last.cancelled;
      const asked = read(batch, last?.cancelled ?? false).finally(() => reading.delete(batch));
      reading.set(batch, asked);
      return asked;
    },
  };
}
