import { type Copies, copiesOf, type Payload } from "../protocol/payload.ts";
import { type SegmentRecord, segmentOf } from "../protocol/segment.ts";
import { type Owned, type OwnerDeps, writeAndCommit } from "./owner.ts";
import { loadPayload } from "./shard-message.ts";

/** Closes a claimed shard of a cancelled batch: its jobs end as cancelled, nothing is called. */
export async function closeCancelled(owned: Owned, deps: OwnerDeps): Promise<true> {
  const { message } = owned;
  const { lines, copies } =
    message.payload.kind === "gone" ? message.payload : linesIn(await loadPayload(message, deps.objects));
  const records = lines.map(
    (line): SegmentRecord => ({ line, attempts: [], result: { kind: "cancelled" }, ...copiesOf(copies, line) }),
  );
  await writeAndCommit(owned, segmentOf(records, {}, { atMs: deps.clock(), policies: [] }), deps);
  return true;
}

function linesIn({ jobs, copies }: Payload): { lines: number[]; copies: Copies | undefined } {
  return { lines: jobs.map(({ line }) => line), copies };
}
