import type { Queue } from "../ports.ts";
import { rootChunk } from "../protocol/nested.ts";
import { type ReadDeps, readEnded, readPlan } from "./read-chunk.ts";
import { resultLine } from "./result-line.ts";

export type ReplyDeps = ReadDeps & {
  /** A queue that the configuration lists, by name; undefined for any other. */
  replyQueue: (name: string) => Queue | undefined;
};

/** A reply larger than this is an object, and the message names its key. Source: Amazon SQS quotas, message size. */
const inlineLimitCharacters = 60_000;

/** How many were sent, and how many not because the configuration lists their queue no more; their results stand. */
type Replies = { sent: number; dropped: number };

/** Sends the results of a closed shard's jobs to the queues their owners named. At least once: a repeat is possible. */
export async function sendReplies(owner: string, shard: string, deps: ReplyDeps): Promise<Replies> {
  const replies: Replies = { sent: 0, dropped: 0 };
  if ((await deps.chunks.read(owner))?.shards[shard]?.state !== "closed") return replies;
  const chunkKey = rootChunk(owner);
  const chunk = await deps.chunks.read(chunkKey);
  if (chunk === undefined) return replies;
  const plan = await readPlan(chunk, deps.intake);
  const queues = new Map(plan.lines.map(({ line, replyTo }) => [line, replyTo]));
  for await (const job of readEnded(chunkKey, chunk, plan, deps, [shard])) {
    const name = queues.get(job.line);
    if (name === undefined) continue;
    const queue = deps.replyQueue(name);
    if (queue === undefined) {
      replies.dropped += 1;
      continue;
    }
    const { line } = resultLine(job);
    const text = JSON.stringify(line);
    if (text.length <= inlineLimitCharacters) await queue.send([{ body: text }]);
    else {
      const key = `results/jobs/${job.resultId}.json`;
      await deps.intake.put(key, text);
      await queue.send([
        { body: JSON.stringify({ id: job.resultId, custom_id: job.customId ?? null, resultKey: key }) },
      ]);
    }
    replies.sent += 1;
  }
  return replies;
}
