import * as z from "zod";
import type { Disturbance } from "../disturbance.ts";
import type { LocalFunction } from "../lambda/local-function.ts";
import type { EventSource } from "../resources/event-source.ts";
import type { Queue } from "../resources/queue.ts";
import { doneMessages } from "./batch-result.ts";
import { createGatherer, type Gathered } from "./gather.ts";
import { ReceivedMessage, sqsRecord } from "./sqs-record.ts";

/** Polls one queue for one function. */
export type Poller = {
  queue: Queue;
  /** Messages taken from the queue that are neither deleted nor given up. */
  inFlight(): number;
  stop(): void;
};

const Received = z.object({ Messages: z.array(ReceivedMessage).default([]) });

/**
 * Polls as Lambda's event source mapping does: long polls, batches by size and window, as many invocations at a time as
 * the mapping allows, and deletes what the function reports as done. Messages are taken only when the function has a
 * process free for them, so that their visibility does not run down in a line.
 */
export function startPoller(options: {
  source: EventSource;
  queue: Queue;
  region: string;
  target: Pick<LocalFunction, "invoke" | "whenFree">;
  sqs: (operation: string, input: Record<string, unknown>) => Promise<unknown>;
  /** @default none */
  disturbance?: Disturbance | undefined;
}): Poller {
  const { source, queue, region, target, sqs, disturbance } = options;
  let stopped = false;
  let inFlight = 0;
  let invocations = 0;
  let onInvocationEnd: (() => void) | undefined;

  const gatherer = createGatherer({
    batchSize: source.batchSize,
    windowMs: source.windowSeconds * 1000,
    now: () => performance.now(),
    async receive(maximum, waitSeconds) {
      if (stopped) return [];
      const received = await sqs("ReceiveMessage", {
        QueueUrl: queue.url,
        MaxNumberOfMessages: maximum,
        WaitTimeSeconds: waitSeconds,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      });
      const { Messages } = Received.parse(received);
      inFlight += Messages.length;
      return Messages.map((message) => ({
        message,
        record: JSON.stringify(sqsRecord(message, { queueArn: queue.arn, region })),
      }));
    },
  });

  async function run(batch: Gathered[]): Promise<void> {
    const invocation = await target.invoke(`{"Records":[${batch.map(({ record }) => record).join(",")}]}`);
    const ids = batch.map(({ message }) => message.MessageId);
    const reported = doneMessages(invocation, ids, source.reportsItemFailures);
    const done = reported.size > 0 && disturbance?.losesDeletion(queue.name) === true ? new Set<string>() : reported;
    await inTens("DeleteMessageBatch", handlesOf(batch.filter(({ message }) => done.has(message.MessageId))));
    const VisibilityTimeout = disturbance?.returnsAfterSeconds(queue.name);
    if (VisibilityTimeout === undefined) return;
    const stay = handlesOf(batch.filter(({ message }) => !done.has(message.MessageId)));
    await inTens("ChangeMessageVisibilityBatch", stay, { VisibilityTimeout });
  }

  async function inTens(operation: string, handles: string[], each: Record<string, unknown> = {}): Promise<void> {
    for (let start = 0; start < handles.length && !stopped; start += 10) {
      const Entries = handles
        .slice(start, start + 10)
        .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, ...each }));
      await sqs(operation, { QueueUrl: queue.url, Entries });
    }
  }

  async function poll(): Promise<void> {
    while (!stopped) {
      while (invocations >= source.maxConcurrency && !stopped) {
        await new Promise<void>((resolve) => {
          onInvocationEnd = resolve;
        });
      }
      await target.whenFree();
      const gathered = await gatherer.gather();
      if (gathered.length === 0) continue;
      const batches = disturbance?.deliver(queue.name, gathered) ?? [gathered];
      const delivered = batches.map((batch) => {
        invocations += 1;
        return run(batch)
          .catch(failUnlessStopped)
          .finally(() => {
            invocations -= 1;
            onInvocationEnd?.();
          });
      });
      void Promise.all(delivered).then(() => {
        inFlight -= gathered.length;
      });
    }
  }

  // Once the engine stops, the queues close under whoever still waits at them.
  function failUnlessStopped(error: unknown): void {
    if (!stopped) throw error;
  }

  if (source.enabled) void poll().catch(failUnlessStopped);
  return {
    queue,
    inFlight: () => inFlight,
    stop() {
      stopped = true;
      onInvocationEnd?.();
    },
  };
}

function handlesOf(gathered: readonly Gathered[]): string[] {
  return gathered.map(({ message }) => message.ReceiptHandle);
}
