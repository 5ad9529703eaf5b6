import { Duration } from "aws-cdk-lib";
import type { Key } from "aws-cdk-lib/aws-kms";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { queueName } from "./fixed-names.ts";

export type WorkQueueProps = {
  /** Without the common prefix. */
  name: string;
  /** @default SQS's own key, for what holds ids only */
  key?: Key;
  /** Days that a message is kept; a dead-letter queue's more than its source's. */
  retentionDays: number;
  /** How long a received message stays hidden. @default SQS's 30 s, for queues without a consumer */
  visibilitySeconds?: number;
  /** Where a message goes that was received too often. */
  deadLetters?: { queue: Queue; receives: number };
};

/** An encrypted queue, for callers that use TLS. Queues go with the stack: what they hold is on its way. */
export function workQueue(scope: Construct, id: string, props: WorkQueueProps): Queue {
  const { name, key, retentionDays, visibilitySeconds, deadLetters } = props;
  return new Queue(scope, id, {
    queueName: queueName(name),
    ...(key === undefined
      ? { encryption: QueueEncryption.SQS_MANAGED }
      : // KMS bills every data key; SQS may keep one for up to a day.
        { encryption: QueueEncryption.KMS, encryptionMasterKey: key, dataKeyReuse: Duration.hours(24) }),
    enforceSSL: true,
    maxMessageSizeBytes: 1024 * 1024,
    retentionPeriod: Duration.days(retentionDays),
    ...(visibilitySeconds === undefined ? {} : { visibilityTimeout: Duration.seconds(visibilitySeconds) }),
    ...(deadLetters === undefined
      ? {}
      : { deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: deadLetters.receives } }),
  });
}
