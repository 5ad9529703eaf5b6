import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { jobKey } from "../lib/core/batch-id.ts";
import { findResult } from "../lib/core/work/find-result.ts";
import { sha256 } from "../lib/runtime/ids.ts";
import { type CorpusOptions, corpus, queueMessages } from "./corpus.ts";
import type { LocalStack } from "./local-stack.ts";
import { settled } from "./run-batch.ts";

/** Requests on their way at once: enough that classify's batches fill within their window, as they do under load. */
const sendersAtOnce = 16;
const messagesOfRequest = 10;
/** How many jobs are looked up by their ids in the end. */
const samples = 20;

/**
 * Sends jobs to the jobs queue, ten a request, and waits until all have ended: seconds from the first request. Throws
 * when the providers did not answer each job once.
 */
export async function runQueue({ engine, client, providers }: LocalStack, options: CorpusOptions): Promise<number> {
  const messages = queueMessages(options);
  const QueueUrl = client.target.name("jobsQueueUrl");
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const sqs = new SQSClient({ region: engine.region, endpoint: engine.endpoint, credentials });
  const startedMs = performance.now();
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < messages.length) {
      const bodies = messages.slice(next, next + messagesOfRequest);
      next += messagesOfRequest;
      const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      const { Failed = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      if (Failed.length > 0) throw new Error(`The jobs queue refused a message: ${Failed[0]?.Code}.`);
    }
  };
  await Promise.all(Array.from({ length: sendersAtOnce }, sender));
  await settled(engine);
  const seconds = (performance.now() - startedMs) / 1000;
  sqs.destroy();
  const { ok: answered = 0 } = await providers.outcomes();
  if (answered !== options.lines) throw new Error(`${options.lines} queued jobs had ${answered} answers.`);
  return seconds;
}

/** Looks some of the queued jobs up by their ids; throws when one has no result. */
export async function checkSamples({ client }: LocalStack, options: CorpusOptions): Promise<void> {
  const jobs = corpus(options);
  const deps = { chunks: client.chunks(), intake: client.intake(), zones: client.zones() };
  for (let sample = 0; sample < samples; sample++) {
    const id = jobs[Math.floor((sample * jobs.length) / samples)]?.id ?? "";
    const found = await findResult(await client.jobs().read(jobKey(undefined, id, sha256)), deps);
    if (found.kind !== "ended") throw new Error(`The result of job ${id} is ${found.kind}.`);
  }
}
