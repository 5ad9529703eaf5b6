import type { Clock, ObjectStore, Queue } from "../../core/ports.ts";
import { createPolicyStore } from "../../stores/dynamodb/policy-store.ts";
import type { Table } from "../../stores/dynamodb/table.ts";
import { createS3Objects } from "../../stores/s3-objects.ts";
import { createSqsQueue } from "../../stores/sqs-queue.ts";
import { type AwsEnvironment, dynamoDb, s3, sqs } from "../aws-clients.ts";
import type { BundledPolicy } from "../bundled-policy.ts";
import { createPolicySource, type PolicySource } from "../policy-source.ts";

/** What every function has: the clock, the table, buckets, queues and policies. */
export type Basics = {
  clock: Clock;
  sleep: (milliseconds: number) => Promise<void>;
  table: Table;
  objects(bucket: string): ObjectStore;
  queue(url: string): Queue;
  policies: PolicySource;
};

export type BasicEnvironment = AwsEnvironment & { TABLE_NAME: string; POLICY_BUCKET: string };

/** Makes the clients, once a worker. `mayPublish`: whether the function may make its bundle's policy the current one. */
export function composeBasics(
  environment: BasicEnvironment,
  bundled: BundledPolicy,
  { mayPublish }: { mayPublish: boolean },
): Basics {
  const clock = () => Date.now();
  const s3Client = s3(environment);
  const sqsClient = sqs(environment);
  const table = { client: dynamoDb(environment), name: environment.TABLE_NAME, clock };
  const policyStore = createPolicyStore(table, createS3Objects(s3Client, environment.POLICY_BUCKET));
  return {
    clock,
    sleep,
    table,
    objects: (bucket) => createS3Objects(s3Client, bucket),
    queue: (url) => createSqsQueue(sqsClient, url, sleep),
    policies: createPolicySource(policyStore, bundled, clock, { mayPublish }),
  };
}

/** Name → queue. */
export function queuesOf(urls: Readonly<Record<string, string>>, basics: Basics): Map<string, Queue> {
  return new Map(Object.entries(urls).map(([name, url]) => [name, basics.queue(url)]));
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
