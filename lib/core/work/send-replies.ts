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

/** Sends the results of a closed shard's jobs to the queues their owners named. At least once: a repeat is possible. */
export async function sendReplies(owner: string, shard: string, deps: ReplyDeps): Promise<number> {
  if ((await deps.chunks.read(owner))?.shards[shard]?.state !== "closed") return 0;
  const chunkKey = rootChunk(owner);
  const chunk = await deps.chunks.read(chunkKey);
  if (chunk === undefined) return 0;
  const plan = await readPlan(chunk, deps.intake);
  const queues = new Map(plan.lines.map(({ line, replyTo }) => [line, replyTo]));
  let sent = 0;
  for await (const job of readEnded(chunkKey, chunk, plan, deps, [shard])) {
    const name = queues.get(job.line);
    const queue = name === undefined ? undefined : deps.replyQueue(name);
    if (queue === undefined) continue;
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
    sent += 1;
  }
  return sent;
}
