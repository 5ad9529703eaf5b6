import type { ChunkStore, Clock, ObjectStore, Queue } from "../ports.ts";
import type { Chunk, Move, Refusal } from "../protocol/chunk.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import { encodeSegment, type Segment } from "../protocol/segment.ts";
import type { Shard } from "../protocol/shard.ts";
import { keys } from "./keys.ts";
import { askForCollect, type SettleDeps, settle } from "./settle.ts";
import { outgoing } from "./shard-message.ts";

/** What whoever claims shards needs: invoke and fallback own them by the same rules. */
export type OwnerDeps = SettleDeps & { clock: Clock; leaseMs: number; chunks: ChunkStore; objects: ObjectStore };

/** What is done with the message: deleted, or left in the queue for another time. */
export type Disposition = "done" | "keep";

export type Claimed = { kind: "claimed"; shard: Shard } | { kind: "not-mine"; disposition: Disposition };

/** Claims the shard of a message, or does what is left to do when it cannot be claimed. */
export async function claim(message: ShardMessage, deps: OwnerDeps): Promise<Claimed> {
  const nowMs = deps.clock();
  const event = { type: "claim", shard: message.shard, nowMs, leaseUntilMs: nowMs + deps.leaseMs } as const;
  const claimed = await deps.chunks.apply(message.chunk, event);
  if (claimed.kind === "refused")
    return { kind: "not-mine", disposition: await settleRefused(message, claimed.because, claimed.chunk, deps) };
  const shard = claimed.chunk.shards[message.shard];
  return shard === undefined ? { kind: "not-mine", disposition: "done" } : { kind: "claimed", shard };
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
    await settle(message, chunk, deps);
    if (hasReplies(message)) await askForCollect({ kind: "reply", chunk: message.chunk, shard: message.shard }, deps);
  }
  return "done";
}

function hasReplies(message: ShardMessage): boolean {
  return message.payload.kind === "inline" && message.payload.payload.jobs.some((job) => job.reply === true);
}

/** Gives a whole shard back, as it was or bound for another deployment, and sends its message on. */
export async function release(
  message: ShardMessage,
  shard: Shard,
  to: Queue,
  deps: OwnerDeps,
  move?: Move,
): Promise<void> {
  const event = {
    type: "release",
    shard: message.shard,
    fence: shard.fence,
    ...(move === undefined ? {} : { move }),
  } as const;
  const released = await deps.chunks.apply(message.chunk, event);
  // Overtaken: the shard is another's, and so is its message.
  if (released.kind === "applied") await to.send([outgoing(message, deps.clock(), deps.random())]);
}

/** Writes what this owner did under its fence, commits it, and does what follows. */
export async function writeAndCommit(
  message: ShardMessage,
  shard: Shard,
  segment: Segment,
  deps: OwnerDeps,
  detour: ReadonlySet<string> = new Set(),
): Promise<void> {
  const name = String(shard.fence);
  await deps.objects.put(keys.segment(message.chunk, message.shard, name), encodeSegment(segment));
  await commitSegment(message, shard.fence, name, segment, deps, detour);
}

/** Commits a written segment under a fence and does what follows; an owner that was overtaken does nothing. */
export async function commitSegment(
  message: ShardMessage,
  fence: number,
  name: string,
  segment: Segment,
  deps: OwnerDeps,
  detour: ReadonlySet<string> = new Set(),
): Promise<void> {
  const { counts, costNanoUsd, children } = segment.header;
  const committed = await deps.chunks.apply(message.chunk, {
    type: "commit",
    shard: message.shard,
    fence,
    segment: name,
    counts,
    costNanoUsd,
    children,
  });
  if (committed.kind === "applied") await settle(message, committed.chunk, deps, detour);
  else if (committed.because === "closed" && committed.chunk !== undefined)
    await settle(message, committed.chunk, deps);
}
