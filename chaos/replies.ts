import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Findings } from "./check/findings.ts";
import { Result } from "./check/result.ts";
import type { ExpectedSingle } from "./expected.ts";

/** Where owners of some jobs wait; the configuration lists it. */
export const replyQueue = "chaos-replies";

export async function createReplyQueue(sqs: SQSClient): Promise<void> {
  await sqs.send(new CreateQueueCommand({ QueueName: replyQueue }));
}

/** Every owner who waits has a reply, at least one, and nobody else has. */
export async function checkReplies(
  singles: readonly ExpectedSingle[],
  sqs: SQSClient,
  findings: Findings,
): Promise<void> {
  const waiting = new Map(singles.filter(({ reply }) => reply).map((single) => [single.id, single]));
  const answered = new Set<string>();
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: replyQueue }));
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    for (const { Body = "" } of Messages) {
      const { custom_id: id } = Result.parse(JSON.parse(Body));
      if (id !== null && waiting.has(id)) answered.add(id);
      else findings.add("policy violations", "a reply to somebody who waits for none");
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
  for (const id of waiting.keys()) if (!answered.has(id)) findings.add("lost", `the reply to ${id}`);
}
