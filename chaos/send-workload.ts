import { PutObjectCommand } from "@aws-sdk/client-s3";
import { batchId } from "../lib/core/batch-id.ts";
import type { UploadMessage } from "../lib/core/protocol/messages.ts";
import { cancelBatch } from "../lib/core/work/cancel-batch.ts";
import { sha256 } from "../lib/runtime/ids.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import type { ExpectedBatch, ExpectedSingle } from "./expected.ts";
import { wait } from "./wait.ts";

const messagesOfRequest = 10;

/** Uploads a batch and returns its id. @param announce whether nobody else tells plan of it */
export async function upload(
  { connection }: ChaosStack,
  { name, text, metadata }: ExpectedBatch,
  announce: boolean,
): Promise<string> {
  const key = `uploads/${name}.jsonl`;
  const bucket = connection.target.name("bucket");
  const put = new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(text), Metadata: metadata });
  const { ETag = "" } = await connection.s3.send(put);
  if (announce) {
    const message: UploadMessage = { detail: { object: { key, etag: ETag } } };
    const url = connection.target.name("jobsQueueUrl").replace(/jobs$/, "uploads");
    await connection.queue(url).send([{ body: JSON.stringify(message) }]);
  }
  return batchId(key, ETag, sha256);
}

/** Cancels a batch once some of it has been planned. */
export async function cancelWhenRunning({ connection }: ChaosStack, id: string): Promise<void> {
  const batches = connection.batches();
  while ((await batches.read(id))?.state !== "running") await wait(2_000);
  await wait(20_000);
  await cancelBatch(id, { batches, clock: Date.now });
}

/** Sends jobs to the jobs queue, some of them a second time. */
export async function sendSingles({ connection }: ChaosStack, singles: readonly ExpectedSingle[]): Promise<void> {
  const queue = connection.jobsQueue();
  for (let at = 0; at < singles.length; at += messagesOfRequest) {
    const some = singles.slice(at, at + messagesOfRequest);
    await queue.send(some.map(({ message }) => ({ body: message })));
    await queue.send(some.filter(({ again }) => again).map(({ message }) => ({ body: message })));
  }
}
