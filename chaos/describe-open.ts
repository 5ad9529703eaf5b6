import { GetQueueAttributesCommand, ListQueuesCommand } from "@aws-sdk/client-sqs";
import { chunkId } from "../lib/core/batch-id.ts";
import type { Chunk } from "../lib/core/protocol/chunk.ts";
import type { ChaosStack } from "./chaos-stack.ts";

/** What is not done, for a person who wonders what a run waits for: shards that are open, and messages in queues. */
export async function describeOpen({ connection, engine }: ChaosStack): Promise<string[]> {
  const batches = connection.batches();
  const chunks = connection.chunks();
  const lines: string[] = [];
  const tell = (id: string, chunk: Chunk | undefined): void => {
    if (chunk === undefined) lines.push(`${id}: no chunk`);
    else if (chunk.state !== "planned") lines.push(`${id}: ${chunk.state}`);
    for (const [shard, { state, ...open }] of Object.entries(chunk?.shards ?? {})) {
      if (state === "closed") continue;
      const since = (ms: number | undefined): string =>
        ms ? `${Math.round((Date.now() - ms) / 1000)} s ago` : "never";
      lines.push(
        `${id} ${shard}: ${open.lines} jobs of ${open.deployment}, fence ${open.fence}, round ${open.round}, ` +
          `lease over ${since(open.leaseUntilMs)}, due ${since(open.notBeforeMs)}, repaired ${since(open.repairedAtMs)}`,
      );
    }
  };
  for await (const { kind, id } of connection.open().list()) {
    if (kind === "chunk") tell(id, await chunks.read(id));
    else {
      const batch = await batches.read(id);
      lines.push(`${id}: ${batch?.state}, chunks ${batch?.chunksDone.join(" ")} of ${batch?.chunks} done`);
      for (let number = 0; number < (batch?.chunks ?? 0); number++)
        tell(chunkId(id, number), await chunks.read(chunkId(id, number)));
    }
  }
  const { QueueUrls = [] } = await connection.sqs.send(new ListQueuesCommand({}));
  for (const QueueUrl of QueueUrls) {
    const { Attributes = {} } = await connection.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }),
    );
    const {
      ApproximateNumberOfMessages: visible,
      ApproximateNumberOfMessagesNotVisible: flying,
      ApproximateNumberOfMessagesDelayed: delayed,
    } = Attributes;
    if ([visible, flying, delayed].some((count) => count !== "0"))
      lines.push(`${QueueUrl.split("/").at(-1)}: ${visible} visible, ${flying} in flight, ${delayed} delayed`);
  }
  for (const { function: name, pid, busy } of engine.processes()) if (busy) lines.push(`${name}: ${pid} is busy`);
  return lines;
}
