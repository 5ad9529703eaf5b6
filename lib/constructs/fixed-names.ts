import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** Names that a policy must spell out because what they name comes later, or that people type; one of each to a region. */
export const uploadsRuleName = "switchyard-uploads";
export const topicName = "switchyard";
export const auditDatabaseName = "switchyard";

/** The physical name of a queue. */
export function queueName(name: string): string {
  return `switchyard-${name}`;
}

/** ARN pattern of the stack's queues whose names match. */
export function queueArns(scope: Construct, pattern: string): string {
  return Stack.of(scope).formatArn({ service: "sqs", resource: queueName(pattern) });
}
