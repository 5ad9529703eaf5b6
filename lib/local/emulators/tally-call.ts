import * as z from "zod";
import { type Caller, countCall, type Tally } from "../usage.ts";
import { PutEvents } from "./put-events.ts";

const SendMessage = z.object({
  QueueUrl: z.string(),
  MessageBody: z.string(),
  MessageAttributes: z.unknown().optional(),
});
const SendMessageBatch = z.object({
  QueueUrl: z.string(),
  Entries: z.array(z.object({ MessageBody: z.string(), MessageAttributes: z.unknown().optional() })),
});
const billedBytes = 64 * 1024;

/** Counts a call under its caller in the units that are billed. @param receivedBytes of the messages that it took */
export function tallyCall(
  tally: Tally,
  { caller, call, body, receivedBytes }: { caller: Caller; call: string; body: unknown; receivedBytes: number },
): void {
  countCall(tally[caller], call);
  if (call === "eventbridge.PutEvents") {
    const { Entries } = PutEvents.parse(body);
    tally[caller].customEvents += sum(
      Entries.map(({ Detail }) => Math.ceil(Buffer.byteLength(Detail) / billedBytes) || 1),
    );
  }
  if (!call.startsWith("sqs.")) return;
  const bytes = call === "sqs.ReceiveMessage" ? receivedBytes : sentBytes(call, body);
  tally[caller].sqsRequests += Math.max(1, Math.ceil(bytes / billedBytes));
  const queueUrl = z.object({ QueueUrl: z.string() }).safeParse(body).data?.QueueUrl;
  if (queueUrl === undefined) return;
  if (call === "sqs.ReceiveMessage" && bytes === 0) {
    if (caller === "services") tally.emptyReceives += 1;
  } else {
    tally.queuesUsed.add(queueUrl.slice(queueUrl.lastIndexOf("/") + 1));
  }
}

function sentBytes(call: string, body: unknown): number {
  if (call === "sqs.SendMessage") {
    const message = SendMessage.safeParse(body).data;
    return message === undefined ? 0 : messageBytes(message);
  }
  if (call === "sqs.SendMessageBatch")
    return sum((SendMessageBatch.safeParse(body).data?.Entries ?? []).map(messageBytes));
  return 0;
}

function messageBytes(message: { MessageBody: string; MessageAttributes?: unknown }): number {
  const attributes = message.MessageAttributes === undefined ? 0 : JSON.stringify(message.MessageAttributes).length;
  return Buffer.byteLength(message.MessageBody) + attributes;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
