import { randomUUID } from "node:crypto";
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, waitUntilTableExists } from "@aws-sdk/client-dynamodb";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { startOwnEmulators } from "./own-emulators.ts";

/** What the stores' contract suites run over: a table, a bucket and queues of their own. */
export type Emulators = {
  endpoint: string;
  dynamodbEndpoint: string;
  dynamodb: DynamoDBDocumentClient;
  table: string;
  s3: S3Client;
  bucket: string;
  sqs: SQSClient;
  /** A new queue's URL. */
  newQueue(): Promise<string>;
  close(): Promise<void>;
};

const region = "us-east-1";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/**
 * Starts dynalite and fauxqs on loopback. With `AWS_ENDPOINT_URL` set, what that names is used instead, and left as it
 * was found; with moto, for example:
 *
 *     python3 -m moto.server -p 5555 &
 *     AWS_ENDPOINT_URL=http://127.0.0.1:5555 npx vitest run test/stores
 */
export async function openEmulators(): Promise<Emulators> {
  const external = process.env.AWS_ENDPOINT_URL;
  const started = external === undefined ? await startOwnEmulators(region) : undefined;
  const endpoint = started?.endpoint ?? external ?? "";
  const dynamodbEndpoint = started?.dynamodbEndpoint ?? process.env.AWS_ENDPOINT_URL_DYNAMODB ?? endpoint;

  // Some emulators change one item in several threads at once, and lose updates, which DynamoDB does not: moto is one.
  const oneByOne = external === undefined ? {} : { requestHandler: { httpAgent: { maxSockets: 1 } } };
  const client = new DynamoDBClient({ region, credentials, endpoint: dynamodbEndpoint, ...oneByOne });
  const s3 = new S3Client({ region, credentials, endpoint, forcePathStyle: true });
  const sqs = new SQSClient({ region, credentials, endpoint, useQueueUrlAsEndpoint: false });
  const unique = randomUUID().slice(0, 8);
  const table = `contract-${unique}`;
  const bucket = `contract-${unique}`;
  const queues: string[] = [];

  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 1 }, { TableName: table });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));

  return {
    endpoint,
    dynamodbEndpoint,
    dynamodb: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    table,
    s3,
    bucket,
    sqs,
    async newQueue() {
      const QueueName = `contract-${unique}-${queues.length}`;
      const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
      queues.push(QueueUrl);
      return QueueUrl;
    },
    async close() {
      for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
      for await (const { Contents } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
        for (const { Key } of Contents ?? []) await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      }
      await s3.send(new DeleteBucketCommand({ Bucket: bucket }));
      await client.send(new DeleteTableCommand({ TableName: table }));
      for (const each of [client, s3, sqs]) each.destroy();
      await started?.stop();
    },
  };
}
