import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { highQueueSuffix } from "../core/lane.ts";
import { queueName } from "./fixed-names.ts";
import type { Lane } from "./lane.ts";

/** Lambda's limit of 4 KB for all variables of a function, less what the others of classify need. */
const limitBytes = 3200;
/** IAM's limit of 10,240 characters for a role's inline policies, less what else classify's says. */
const limitArns = 3500;

/**
 * The variables that tell a function the queue URL of each lane by the lane's name, as JSON, and whether each has a
 * second queue for high priority. Throws when there are more lanes than a function's environment, or its role, can name.
 */
export function laneQueueUrls(scope: Construct, lanes: readonly Lane[]): Record<string, string> {
  const { region, stackName } = Stack.of(scope);
  // Queue URLs are known only when they are deployed; their length is known now.
  const bytes = lanes
    .map(({ lane }) => `"${lane.name}":"https://sqs.${region}.amazonaws.com/123456789012/${queueName(lane.name)}",`)
    .join("").length;
  if (bytes > limitBytes) {
    throw new Error(
      `${stackName} has ${lanes.length} lanes, more than the environment of one function can name (${bytes} of ${limitBytes} bytes). ` +
        "A lane is a provider, a region or endpoint, and a zone: use fewer of them in one configuration.",
    );
  }
  // One queue of each lane can be named wherever its URL can.
  const arns = lanes
    .flatMap(({ lane, high }) => (high === undefined ? [] : [lane.name, `${lane.name}${highQueueSuffix}`]))
    .map((name) => `"arn:aws:sqs:${region}:123456789012:${queueName(name)}",`)
    .join("").length;
  if (arns > limitArns) {
    throw new Error(
      `${stackName} has ${lanes.length} lanes with two queues each, more than the role of one function can name (${arns} of ${limitArns} characters). ` +
        "Leave highPriorityQueues out, or use fewer lanes: a lane is a provider, a region or endpoint, and a zone.",
    );
  }
  const urls = Object.fromEntries(lanes.map(({ lane, queue }) => [lane.name, queue.queueUrl]));
  return {
    LANE_QUEUE_URLS: Stack.of(scope).toJsonString(urls),
    ...(lanes.some(({ high }) => high !== undefined) ? { HIGH_PRIORITY_QUEUES: "true" } : {}),
  };
}
