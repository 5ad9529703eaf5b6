import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { workFailed } from "../errors.ts";
import type { Route } from "./route.ts";

/** `started`: SQS goes on moving them; of its approximate count. */
export type Moved = { how: "moved" | "started"; messages: number };

/** Moves all dead letters of a route as they are. @param byHand where the service has no such task of its own */
export async function moveMessages({ from, to }: Route, sqs: SQSClient, byHand: boolean): Promise<Moved> {
  const [source, destination] = [await queueOf(from, sqs), await queueOf(to, sqs)];
  if (source.messages === 0) return { how: "moved", messages: 0 };
  if (byHand) return { how: "moved", messages: await moveByHand(source, destination.url, sqs) };
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: source.arn, DestinationArn: destination.arn }));
  return { how: "started", messages: source.messages };
}

type QueueFacts = { url: string; arn: string; messages: number };

/** The URL of one of the stack's queues. Throws CommandError when there is none of that name. */
export async function queueUrl(name: string, sqs: SQSClient): Promise<string> {
  try {
    const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: `switchyard-${name}` }));
    return QueueUrl;
  } catch (error) {
    if (!(error instanceof QueueDoesNotExist)) throw error;
    throw workFailed(`There is no queue switchyard-${name} in this account and region. Is it the right stack?`);
  }
}

async function queueOf(name: string, sqs: SQSClient): Promise<QueueFacts> {
  const url = await queueUrl(name, sqs);
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn", "ApproximateNumberOfMessages"] }),
  );
  return { url, arn: Attributes.QueueArn ?? "", messages: Number(Attributes.ApproximateNumberOfMessages ?? 0) };
}

/** Sends each before it is deleted, so that none is lost; not more than there were, for some may come back at once. */
async function moveByHand(source: QueueFacts, destination: string, sqs: SQSClient): Promise<number> {
  let moved = 0;
  while (moved < source.messages) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: source.url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["MessageGroupId"],
        MessageAttributeNames: ["All"],
      }),
    );
    if (Messages.length === 0) break;
    for (const { Body = "", Attributes = {}, MessageAttributes } of Messages) {
      const group = Attributes.MessageGroupId;
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: destination,
          MessageBody: Body,
          ...(group === undefined ? {} : { MessageGroupId: group }),
          ...(MessageAttributes === undefined ? {} : { MessageAttributes }),
        }),
      );
    }
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: source.url, Entries }));
    moved += Messages.length;
  }
  return moved;
}
