import type { Priority, Zone } from "../names.ts";
import type { BatchStore, ChunkStore, Clock, OpenStore, Outgoing, Queue } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";
import type { Chunk } from "../protocol/chunk.ts";
import { afterAdd, afterClose, type Effect, isDone, unclaimedChildren, whenDone } from "../protocol/effects.ts";
import type { CollectMessage, ShardMessage } from "../protocol/messages.ts";
import { childMessage, outgoing } from "./shard-message.ts";

/**
 * The queues of lanes that a worker may send to, by place; a worker that may not send somewhere throws there. Where lanes
 * have no queue for high priority, it is the only one.
 */
export interface LaneQueues {
  queueFor(deployment: string, place: "lane" | "fallback", zone: Zone, priority?: Priority): Queue;
}

export type SettleDeps = {
  clock: Clock;
  random: () => number;
  batches: BatchStore;
  chunks: ChunkStore;
  open: OpenStore;
  collect: Queue;
  lanes: LaneQueues;
};

type FinishDeps = Pick<SettleDeps, "batches" | "chunks" | "clock" | "open" | "collect">;

/**
 * Does what follows from a closed shard: sends its children's messages, adds a chunk that is done to its batch, asks for
 * collect. Every step can be repeated; the caller deletes its own message only afterwards.
 * @param detour children that go to fallback although their deployment is not excluded (it is cooling)
 */
export async function settle(
  message: ShardMessage,
  chunk: Chunk,
  deps: SettleDeps,
  detour: ReadonlySet<string> = new Set(),
): Promise<void> {
  const effects = afterClose(chunk, message.shard);
  await sendShards(effects, chunk, (id, shard) => childMessage(message, id, shard), deps, detour);
  for (const effect of effects) {
    if (effect.kind !== "send-nested") continue;
    const nested = await deps.chunks.read(effect.chunk);
    if (nested === undefined) continue;
    const onward = { ...message, chunk: effect.chunk };
    await sendShards(
      unclaimedChildren(nested, message.shard),
      nested,
      (id, shard) => childMessage(onward, id, shard),
      deps,
      detour,
    );
  }
  await finishChunk(message.chunk, chunk, deps);
}

/** Sends the messages of shards, many in one request where they go to one queue. */
export async function sendShards(
  effects: readonly Effect[],
  chunk: Chunk,
  messageOf: (id: string, shard: Chunk["shards"][string]) => ShardMessage,
  deps: Pick<SettleDeps, "clock" | "random" | "lanes">,
  detour: ReadonlySet<string> = new Set(),
): Promise<void> {
  const byQueue = new Map<Queue, Outgoing[]>();
  for (const effect of effects) {
    if (effect.kind !== "send") continue;
    const shard = chunk.shards[effect.shard];
    if (shard === undefined) continue;
    const message = messageOf(effect.shard, shard);
    const place = detour.has(effect.shard) ? "fallback" : effect.place;
    const queue = deps.lanes.queueFor(shard.deployment, place, shard.zone, message.priority);
    const mustWait = shard.notBeforeMs !== undefined && !endsAtOnce(message);
    const waiting = mustWait ? { ...message, notBeforeMs: shard.notBeforeMs } : message;
    byQueue.set(queue, [...(byQueue.get(queue) ?? []), outgoing(waiting, deps.clock(), deps.random())]);
  }
  await Promise.all([...byQueue].map(([queue, messages]) => queue.send(messages)));
}

function endsAtOnce({ payload }: ShardMessage): boolean {
  return payload.kind === "gone" && payload.cancelled === true;
}

/** Adds a chunk that is done to what it belongs to (again), and asks for collect when it was the last. */
export async function finishChunk(id: string, chunk: Chunk, deps: FinishDeps): Promise<void> {
  const { counts, costNanoUsd } = chunk;
  for (const effect of whenDone(chunk)) {
    if (effect.kind === "add-to-parent") {
      const added = await deps.chunks.apply(effect.parent, { type: "add-nested", nested: id, counts, costNanoUsd });
      if (added.chunk !== undefined) await finishChunk(effect.parent, added.chunk, deps);
    } else if (effect.kind === "add-to-batch") {
      const event = { type: "add-chunk", number: effect.number, counts, costNanoUsd } as const;
      const { batch } = await deps.batches.apply(effect.batch, event);
      if (batch !== undefined) await finishBatch(batch, deps);
    }
  }
  if (chunk.batch === undefined && chunk.parent === undefined && isDone(chunk))
    await deps.open.remove({ kind: "chunk", id });
}

/** Asks for collect when every chunk of a batch is done. */
export async function finishBatch(
  batch: Batch,
  deps: Pick<SettleDeps, "batches" | "clock" | "collect">,
): Promise<void> {
  if (afterAdd(batch).length === 0) return;
  await askForCollect({ kind: "batch", batch: batch.id }, deps);
  await deps.batches.apply(batch.id, { type: "ask-collect", nowMs: deps.clock() });
}

export async function askForCollect(message: CollectMessage, deps: Pick<SettleDeps, "collect">): Promise<void> {
  await deps.collect.send([{ body: JSON.stringify(message) }]);
}
