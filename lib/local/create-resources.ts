import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { createBucket, sendsEvents } from "./resources/bucket.ts";
import { asynchronousRetries } from "./resources/event-invoke-config.ts";
import { type EventSource, eventSource } from "./resources/event-source.ts";
import { type LambdaFunction, lambdaFunction } from "./resources/lambda-function.ts";
import { createQueue, type Queue, queue } from "./resources/queue.ts";
import { type Rule, rule } from "./resources/rule.ts";
import { createTable } from "./resources/table.ts";
import { createTopic } from "./resources/topic.ts";
import type { ResolvedResource } from "./template/interpret.ts";
import { TemplateError } from "./template/template.ts";

/** What of the stack the engine itself has to act for; queues, tables, buckets and topics exist in the emulators. */
export type StackResources = {
  queues: Queue[];
  functions: LambdaFunction[];
  eventSources: { source: EventSource; queue: Queue }[];
  rules: Rule[];
  /** Names of the buckets that send their events to EventBridge. */
  eventBuckets: Set<string>;
  /** Repeats of asynchronous invocations, by function name. */
  asynchronousRetries: Map<string, number>;
};

/** Creates the resources in order, with the clients that any other program would use, and checks how they are wired. */
export async function createResources(
  resources: ResolvedResource[],
  assets: Map<string, string>,
  target: { region: string; aws: string; dynamodb: string; accessKeyId: string },
): Promise<StackResources> {
  const credentials = { accessKeyId: target.accessKeyId, secretAccessKey: "local" };
  const aws = { region: target.region, endpoint: target.aws, credentials };
  const clients = {
    sqs: new SQSClient(aws),
    s3: new S3Client(aws),
    sns: new SNSClient(aws),
    dynamodb: new DynamoDBClient({ ...aws, endpoint: target.dynamodb }),
  };
  const found: StackResources = {
    queues: [],
    functions: [],
    eventSources: [],
    rules: [],
    eventBuckets: new Set(),
    asynchronousRetries: new Map(),
  };
  const sources: EventSource[] = [];
  try {
    for (const resource of resources) {
      switch (resource.type) {
        case "AWS::SQS::Queue":
          await createQueue(clients.sqs, resource);
          found.queues.push(queue(resource));
          break;
        case "AWS::DynamoDB::Table":
        case "AWS::DynamoDB::GlobalTable":
          await createTable(clients.dynamodb, resource);
          break;
        case "AWS::S3::Bucket":
          await createBucket(clients.s3, resource);
          if (sendsEvents(resource)) found.eventBuckets.add(resource.name);
          break;
        case "AWS::SNS::Topic":
          await createTopic(clients.sns, resource);
          break;
        case "AWS::Lambda::Function":
          found.functions.push(lambdaFunction(resource, assets));
          break;
        case "AWS::Lambda::EventSourceMapping":
          sources.push(eventSource(resource));
          break;
        case "AWS::Lambda::EventInvokeConfig": {
          const { functionName, retries } = asynchronousRetries(resource);
          found.asynchronousRetries.set(functionName, retries);
          break;
        }
        case "AWS::Events::Rule":
          found.rules.push(rule(resource));
          break;
        default:
          throw new TemplateError(`${resource.logicalId}: nothing in create-resources.ts creates a ${resource.type}.`);
      }
    }
    found.eventSources = sources.map((source) => ({ source, queue: sourceQueue(source, found) }));
    return found;
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

function sourceQueue(source: EventSource, found: StackResources): Queue {
  const polled = found.queues.find(({ arn }) => arn === source.queueArn);
  const target = found.functions.find(({ name }) => name === source.functionName);
  if (polled === undefined)
    throw new TemplateError(`${source.logicalId}: ${source.queueArn} is not a queue of this stack.`);
  if (target === undefined)
    throw new TemplateError(`${source.logicalId}: ${source.functionName} is not a function of this stack.`);
  if (polled.visibilitySeconds < target.timeoutSeconds) {
    throw new TemplateError(
      `${source.logicalId}: the queue's visibility of ${polled.visibilitySeconds} s is less than the function's time-out of ` +
        `${target.timeoutSeconds} s, which Lambda refuses. Make it at least 6 times the time-out.`,
    );
  }
  return polled;
}
