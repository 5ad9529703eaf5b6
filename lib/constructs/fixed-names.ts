import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Names that a policy must spell out because what they name comes later; one of each to a region. */
export const uploadsRuleName = "switchyard-uploads";
export const topicName = "switchyard";

/** The physical name of a queue. */
export function queueName(name: string): string {
  return `switchyard-${name}`;
}

/** ARN pattern of the stack's queues whose names match. */
export function queueArns(scope: Construct, pattern: string): string {
  return Stack.of(scope).formatArn({ service: "sqs", resource: queueName(pattern) });
}
