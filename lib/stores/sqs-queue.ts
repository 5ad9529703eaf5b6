import { createHash } from "node:crypto";
import {
  type BatchResultErrorEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Outgoing, Queue } from "../core/ports.ts";

/** What one SendMessageBatch may hold. Source: Amazon SQS quotas, "Message quotas" (1 MiB since August 2025). */
const requestLimits = { entries: 10, bytes: 1024 * 1024 };
/** Requests on their way at once. */
const requestsAtOnce = 4;
/** How often what a request answered with "failed" is sent again, after 100 ms, 200 ms, 400 ms … */
const retries = 6;

/** Waits for so many milliseconds. */
export type Sleep = (milliseconds: number) => Promise<void>;

/**
 * One queue to send to. Bodies are JSON. A message can arrive twice when an answer is lost; throws when one cannot be
 * sent, and then some of the others may have been.
 */
export function createSqsQueue(client: SQSClient, url: string, sleep: Sleep): Queue {
  const sendRequest = async (entries: SendMessageBatchRequestEntry[]): Promise<void> => {
    let left = entries;
    for (let retry = 0; ; retry++) {
      const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: left }));
      if (Failed.length === 0) return;
      const hopeless = Failed.find(({ SenderFault }) => SenderFault === true);
      if (hopeless !== undefined || retry === retries) throw new Error(refusedText(url, hopeless ?? Failed[0]));
      const failed = new Set(Failed.map(({ Id }) => Id));
      left = left.filter(({ Id }) => failed.has(Id));
      await sleep(100 * 2 ** retry);
    }
  };

  return {
    async send(messages) {
      const requests = requestsOf(messages);
      const worker = async (): Promise<void> => {
        for (let entries = requests.shift(); entries !== undefined; entries = requests.shift())
          await sendRequest(entries);
      };
      await Promise.all(Array.from({ length: Math.min(requestsAtOnce, requests.length) }, worker));
    },
  };
}

/** As few requests as the limits allow, in order. */
function requestsOf(messages: readonly Outgoing[]): SendMessageBatchRequestEntry[][] {
  const requests: SendMessageBatchRequestEntry[][] = [];
  let request: SendMessageBatchRequestEntry[] = [];
  let bytes = 0;
  for (const { body, delaySeconds, group } of messages) {
    const text = allowedText(body);
    const size = Buffer.byteLength(text);
    if (request.length === requestLimits.entries || (request.length > 0 && bytes + size > requestLimits.bytes)) {
      requests.push(request);
      request = [];
      bytes = 0;
    }
    request.push({
      Id: String(request.length),
      MessageBody: text,
      ...(delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds }),
      ...(group === undefined ? {} : { MessageGroupId: groupId(group) }),
    });
    bytes += size;
  }
  if (request.length > 0) requests.push(request);
  return requests;
}

/**
 * SQS takes the characters of XML 1.0. JSON text escapes all others but U+FFFE and U+FFFF; left as they are, one prompt
 * that holds one would be refused for ever. Characters beyond U+FFFF are allowed, but not by every emulator.
 * Source: SQS API reference, "SendMessage".
 */
function allowedText(json: string): string {
  return json.replaceAll(/[\uD800-\uDFFF\uFFFE\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}

/** A group's id may hold visible ASCII, up to 128; any other name is hashed. Source: Amazon SQS quotas, "Message group ID". */
function groupId(group: string): string {
  return /^[!-~]{1,128}$/.test(group) ? group : createHash("sha256").update(group).digest("hex");
}

function refusedText(url: string, entry: BatchResultErrorEntry | undefined): string {
  return `The queue ${url} refused a message: ${entry?.Code ?? "no code"}.`;
}
