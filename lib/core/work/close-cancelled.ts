import { type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { type Owned, type OwnerDeps, writeAndCommit } from "./owner.ts";
import { loadPayload } from "./shard-message.ts";

/** Closes a claimed shard of a cancelled batch: its jobs end as cancelled, nothing is called. */
export async function closeCancelled(owned: Owned, deps: OwnerDeps): Promise<true> {
  const { message } = owned;
  const lines =
    message.payload.kind === "gone"
      ? message.payload.lines
      : (await loadPayload(message, deps.objects)).jobs.map(({ line }) => line);
  const records = lines.map((line): SegmentRecord => ({ line, attempts: [], result: { kind: "cancelled" } }));
  await writeAndCommit(owned, segmentOf(records, {}, { atMs: deps.clock(), policies: [] }), deps);
  return true;
}
