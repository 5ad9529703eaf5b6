import type { ReceivedMessage } from "./sqs-record.ts";

/** One message with its record in the payload. */
export type Gathered = { message: ReceivedMessage; record: string };

/** Lambda's limit on the payload of an invocation. */
const maxPayloadBytes = 6 * 1024 * 1024;
const longPollSeconds = 20;

/**
 * Makes batches as Lambda does: a batch begins with the first message, and is full at `batchSize` messages, when the
 * window is over, or when the next message would take the payload past 6 MB; that message then begins the next batch.
 * A gatherer makes one batch at a time; it resolves to an empty batch when nothing came for 20 seconds.
 */
export function createGatherer(options: {
  batchSize: number;
  windowMs: number;
  /** Up to `maximum` messages (at most 10), waiting up to `waitSeconds` for the first; `waitSeconds` may be a fraction. */
  receive: (maximum: number, waitSeconds: number) => Promise<Gathered[]>;
  now: () => number;
}): { gather(): Promise<Gathered[]>; held(): number } {
  const { batchSize, windowMs, receive, now } = options;
  let carried: Gathered[] = [];

  /** Moves what fits from the carried messages to the batch, and says whether the batch takes more. */
  function fill(batch: Gathered[]): boolean {
    let bytes = payloadBytes(batch);
    let taken = 0;
    for (const gathered of carried) {
      bytes += Buffer.byteLength(gathered.record) + 1;
      const fits = batch.length < batchSize && (bytes <= maxPayloadBytes || batch.length === 0);
      if (!fits) break;
      batch.push(gathered);
      taken += 1;
    }
    carried = carried.slice(taken);
    return carried.length === 0 && batch.length < batchSize;
  }

  return {
    held: () => carried.length,
    async gather() {
      const batch: Gathered[] = [];
      if (carried.length === 0) carried = await receive(Math.min(10, batchSize), longPollSeconds);
      const windowEnds = now() + windowMs;
      let takesMore = fill(batch);
      if (batch.length === 0 || windowMs === 0) return batch;
      while (takesMore && now() < windowEnds) {
        carried = await receive(Math.min(10, batchSize - batch.length), (windowEnds - now()) / 1000);
        takesMore = fill(batch);
      }
      return batch;
    },
  };
}

function payloadBytes(batch: Gathered[]): number {
  return batch.reduce((bytes, { record }) => bytes + Buffer.byteLength(record) + 1, '{"Records":[]}'.length);
}
