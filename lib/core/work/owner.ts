import type { Spender } from "../budgets/accounts.ts";
import type { Claim } from "../budgets/hold-key.ts";
import type { ChunkStore, Clock, ObjectStore, Queue } from "../ports.ts";
import type { Chunk, Move } from "../protocol/chunk.ts";
import type { Refusal } from "../protocol/chunk-transition.ts";
import { totalCost, totalOf } from "../protocol/counts.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import { nestedId, roomyItemBytes } from "../protocol/nested.ts";
import { decodeSegment, encodeSegment, type Segment } from "../protocol/segment.ts";
import type { Shard } from "../protocol/shard.ts";
import { auditClosed, auditSegment } from "./audit.ts";
import type { Budgets } from "./budgets.ts";
import type { Cancellations } from "./cancellations.ts";
import { keys } from "./keys.ts";
import { askForCollect, type SettleDeps, settle } from "./settle.ts";
import { outgoing } from "./shard-message.ts";

/** What whoever claims shards needs: invoke and fallback own them by the same rules. */
export type OwnerDeps = SettleDeps & {
  clock: Clock;
  leaseMs: number;
  chunks: ChunkStore;
  objects: ObjectStore;
  cancellations: Cancellations;
  budgets: Budgets;
};

/** What is done with the message: deleted, or left in the queue for another time. */
export type Disposition = "done" | "keep";

/** `chunk`: the item as the claim left it. */
export type Claimed = { kind: "claimed"; shard: Shard; chunk: Chunk } | { kind: "not-mine"; disposition: Disposition };

/** Claims the shard of a message, or does what is left to do when it cannot be claimed. */
export async function claim(message: ShardMessage, deps: OwnerDeps): Promise<Claimed> {
  const nowMs = deps.clock();
  const event = { type: "claim", shard: message.shard, nowMs, leaseUntilMs: nowMs + deps.leaseMs } as const;
  const claimed = await deps.chunks.apply(message.chunk, event);
  if (claimed.kind === "refused")
    return { kind: "not-mine", disposition: await settleRefused(message, claimed.because, claimed.chunk, deps) };
  const shard = claimed.chunk.shards[message.shard];
  return shard === undefined
    ? { kind: "not-mine", disposition: "done" }
    : { kind: "claimed", shard, chunk: claimed.chunk };
}

/** A message whose shard is closed repeats what follows from the close; one that another owns stays in the queue. */
async function settleRefused(
  message: ShardMessage,
  because: Refusal,
  chunk: Chunk | undefined,
  deps: OwnerDeps,
): Promise<Disposition> {
  if (because === "leased" || because === "fenced") return "keep";
  if (because === "closed" && chunk !== undefined) {
    await auditClosed({ chunkId: message.chunk, chunk, shard: message.shard, objects: deps.objects });
    await settleClosed(message, chunk, deps);
    await settle(message, chunk, deps);
    if (hasReplies(message, chunk))
      await askForCollect({ kind: "reply", chunk: message.chunk, shard: message.shard }, deps);
  }
  return "done";
}

/** The owner that closed the shard may not have come to settle what it had reserved. */
async function settleClosed(message: ShardMessage, chunk: Chunk, deps: OwnerDeps): Promise<void> {
  const shard = chunk.shards[message.shard];
  const name = shard?.segment;
  if (shard === undefined || name === undefined) return;
  const owned = { message, shard, chunk };
  await deps.budgets.settleEarlier(claimOf(owned), spenderOf(owned), async (fence) => {
    if (String(fence) !== name) return undefined;
    const text = await deps.objects.get(keys.segment(message.chunk, message.shard, name));
    return text === undefined ? undefined : totalCost(decodeSegment(text).header.costNanoUsd);
  });
}

/** Of a payload that is not at hand, jobs queued singly may have. */
function hasReplies(message: ShardMessage, chunk: Chunk): boolean {
  if (message.payload.kind !== "inline") return chunk.batch === undefined;
  return message.payload.payload.jobs.some((job) => job.reply === true);
}

/**
 * Gives a whole shard back, as it was or bound for another deployment, and sends its message on.
 * @param onReleased what is recorded of it; when that fails the message is not sent, and the shard is nobody's
 */
export async function release(
  message: ShardMessage,
  shard: Shard,
  to: Queue,
  deps: OwnerDeps,
  move?: Move,
  onReleased?: () => Promise<void>,
): Promise<void> {
  const event = {
    type: "release",
    shard: message.shard,
    fence: shard.fence,
    ...(move === undefined ? {} : { move }),
  } as const;
  const released = await deps.chunks.apply(message.chunk, event);
  // Overtaken: the shard is another's, and so is its message.
  if (released.kind === "refused") return;
  await onReleased?.();
  await to.send([outgoing(message, deps.clock(), deps.random())]);
}

/** A claimed shard: its message, its state and the chunk's as the claim left them. */
export type Owned = { message: ShardMessage; shard: Shard; chunk: Chunk };

/** What a shard's reservations are kept under. */
export function claimOf({ message, shard }: Owned): Claim {
  return { chunk: message.chunk, shard: message.shard, fence: shard.fence };
}

/** Whose budgets hold for a shard. */
export function spenderOf({ message, shard, chunk }: Owned): Spender {
  const { tenant, maxCostNanoUsd } = message;
  return { deployment: shard.deployment, tenant, batch: chunk.batch, maxCostNanoUsd };
}

/** Writes what this owner did under its fence, commits it, and does what follows. Whether that is what counts. */
export async function writeAndCommit(
  owned: Owned,
  segment: Segment,
  deps: OwnerDeps,
  detour: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const { message, shard } = owned;
  const name = String(shard.fence);
  await deps.objects.put(keys.segment(message.chunk, message.shard, name), encodeSegment(segment));
  return commitSegment(owned, name, segment, deps, detour);
}

/**
 * Commits a written segment under this owner's fence and does what follows. One that was overtaken does nothing, or, when
 * the shard is closed, what follows from the segment that closed it. Whether this segment is what counts.
 */
export async function commitSegment(
  { message, shard, chunk }: Owned,
  name: string,
  segment: Segment,
  deps: OwnerDeps,
  detour: ReadonlySet<string> = new Set(),
): Promise<boolean> {
  const { fence } = shard;
  const { header } = segment;
  const { counts, costNanoUsd } = header;
  const commit = { type: "commit", shard: message.shard, fence, segment: name, counts, costNanoUsd } as const;
  let room: { children: Record<string, Shard>; nested?: string } = { children: header.children };
  if (sizeOf(chunk) + sizeOf(header.children) > roomyItemBytes && Object.keys(header.children).length > 0) {
    const nested = nestedId(message.chunk, message.shard, fence);
    // Refused when this owner's own earlier try put it: it holds the same.
    await deps.chunks.apply(nested, { type: "nest", parent: message.chunk, of: chunk, shards: header.children });
    room = { children: {}, nested };
  }
  const committed = await deps.chunks.apply(message.chunk, { ...commit, ...room });
  if (committed.kind === "refused" && committed.because !== "closed") return false;
  const after = committed.chunk ?? chunk;
  const place = { chunkId: message.chunk, chunk: after, shard: message.shard, objects: deps.objects };
  // owner A  claim(1) ──── stalls ─────────────── commit(1) ✗ closed: what A wrote counts for nothing
  // owner B                  claim(2) ─ commit(2) ✓
  const isCommitted = after.shards[message.shard]?.segment === name;
  if (isCommitted) await auditSegment({ ...place, name }, segment);
  else await auditClosed(place);
  await settle(message, after, deps, committed.kind === "applied" ? detour : undefined);
  if (totalOf(counts) > 0) await announceReplies(message, after, deps);
  return isCommitted;
}

/** Tells collect of a closed shard whose jobs' owners may wait for a reply. */
async function announceReplies(message: ShardMessage, chunk: Chunk, deps: OwnerDeps): Promise<void> {
  if (hasReplies(message, chunk))
    await askForCollect({ kind: "reply", chunk: message.chunk, shard: message.shard }, deps);
}

/** About what DynamoDB counts for it. */
function sizeOf(value: Chunk | Record<string, Shard>): number {
  return JSON.stringify(value).length;
}
