import { CreateQueueCommand, QueueAttributeName, SetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { ignored, propertiesOf } from "./properties.ts";

const count = z.coerce.number().optional();
const Properties = z.strictObject({
  QueueName: z.string().optional(),
  VisibilityTimeout: count,
  MessageRetentionPeriod: count,
  DelaySeconds: count,
  ReceiveMessageWaitTimeSeconds: count,
  MaximumMessageSize: count,
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
  RedriveAllowPolicy: z.record(z.string(), z.unknown()).optional(),
  KmsMasterKeyId: z.string().optional(),
  KmsDataKeyReusePeriodSeconds: count,
  SqsManagedSseEnabled: z.coerce.boolean().optional(),
  Tags: ignored,
});

export type Queue = {
  name: string;
  arn: string;
  url: string;
  visibilitySeconds: number;
  /** Undefined when the queue is not under a KMS key. */
  dataKeyReuseSeconds: number | undefined;
};

/** What the template says of a queue. */
export function queue(resource: ResolvedResource): Queue {
  const properties = propertiesOf(resource, Properties);
  const reuse = properties.KmsDataKeyReusePeriodSeconds ?? 300;
  return {
    name: resource.name,
    arn: resource.arn ?? "",
    url: resource.reference,
    visibilitySeconds: properties.VisibilityTimeout ?? 30,
    dataKeyReuseSeconds: properties.KmsMasterKeyId === undefined ? undefined : reuse,
  };
}

/** Creates the queue with every attribute that the template gives; one that is there already is set to them. */
export async function createQueue(client: SQSClient, resource: ResolvedResource): Promise<void> {
  const { QueueName: _name, Tags: _tags, ...given } = propertiesOf(resource, Properties);
  const attributes: Record<string, string> = {};
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || !(key in QueueAttributeName)) continue;
    attributes[key] = typeof value === "object" ? JSON.stringify(value) : String(value);
  }
  await client.send(new CreateQueueCommand({ QueueName: resource.name }));
  if (Object.keys(attributes).length > 0) {
    await client.send(new SetQueueAttributesCommand({ QueueUrl: resource.reference, Attributes: attributes }));
  }
}
