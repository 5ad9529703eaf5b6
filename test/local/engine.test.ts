import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import { afterEach, describe, expect, it } from "vitest";
import { type Engine, type EngineOptions, startEngine } from "../../lib/local/engine.ts";
import { eventually, functionResource, mappingResource, writeAssembly } from "./fixture-assembly.ts";

/** Writes what a function saw to a file that the test reads. */
const recorder = `
import { appendFileSync } from "node:fs";
const record = (value) => appendFileSync(process.env.RECORD, JSON.stringify(value) + "\\n");
`;

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

type Running = Engine & {
  sqs: SQSClient;
  s3: S3Client;
  url: (queue: string) => string;
  recorded: <T>() => T[];
  count: (queue: string) => Promise<{ visible: number; inFlight: number }>;
  stateDirectory: string;
  failures: string[];
};

/** An engine of a fixture; functions find the file to record in under RECORD. */
async function run(
  fixture: Parameters<typeof writeAssembly>[0],
  options: Partial<EngineOptions> = {},
): Promise<Running> {
  const assembly = writeAssembly(fixture);
  const record = join(assembly.assemblyDirectory, "record.jsonl");
  const failures: string[] = [];
  const engine = await startEngine({
    assemblyDirectory: assembly.assemblyDirectory,
    stackName: assembly.stackName,
    stateDirectory: assembly.stateDirectory,
    providerEndpoints: {},
    environmentFor: () => ({ RECORD: record }),
    onFailure: ({ functionName, reason, logTail }) =>
      failures.push([functionName, reason, /TypeError|at the start/.exec(logTail)?.[0]].join(" ").trimEnd()),
    ...options,
  });
  const client = {
    region: engine.region,
    endpoint: engine.endpoint,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  };
  const sqs = new SQSClient(client);
  const s3 = new S3Client(client);
  cleanups.push(
    assembly.remove,
    () => engine.stop(),
    () => sqs.destroy(),
    () => s3.destroy(),
  );
  const url = (queue: string): string => `${engine.endpoint}/000000000000/${queue}`;
  return {
    ...engine,
    sqs,
    s3,
    url,
    failures,
    stateDirectory: assembly.stateDirectory,
    recorded() {
      const text = existsSync(record) ? readFileSync(record, "utf8") : "";
      // What follows the last line end is still being written.
      const lines = text.split("\n").slice(0, -1);
      return lines.map((line) => JSON.parse(line));
    },
    async count(queue) {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url(queue), AttributeNames: ["All"] }),
      );
      return {
        visible: Number(Attributes?.ApproximateNumberOfMessages),
        inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
      };
    },
  };
}

const work = { Type: "AWS::SQS::Queue", Properties: { QueueName: "work", VisibilityTimeout: 5 } };
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("an engine", () => {
  it("gives a function the environment, context and event that Lambda would, and nothing of its own environment", async () => {
    process.env.SECRET_OF_THE_PARENT = "must not be seen";
    const engine = await run(
      {
        resources: {
          Work: work,
          F: functionResource("see", { MemorySize: 512, Environment: { Variables: { QUEUE: { Ref: "Work" } } } }),
          M: mappingResource("Work", "F"),
        },
        outputs: { WorkUrl: { Value: { Ref: "Work" } } },
        bundles: {
          see: `${recorder}
            export const handler = async (event, context) => {
              record({ event, environment: process.env, flags: process.execArgv, name: context.functionName, arn: context.invokedFunctionArn, id: context.awsRequestId, left: context.getRemainingTimeInMillis() });
              console.log("seen");
            };`,
        },
      },
      { providerEndpoints: { "nova-lite": "http://127.0.0.1:9" } },
    );

    await engine.sqs.send(
      new SendMessageCommand({
        QueueUrl: engine.outputs.WorkUrl,
        MessageBody: "hé 😀",
        MessageAttributes: { kind: { DataType: "String", StringValue: "x" } },
      }),
    );
    await eventually(() => engine.recorded().length === 1 && engine.idle());

    const [seen] = engine.recorded<{
      event: { Records: SQSRecord[] };
      environment: Record<string, string>;
      flags: string[];
      name: string;
      arn: string;
      id: string;
      left: number;
    }>();
    expect(seen?.environment).toMatchObject({
      QUEUE: `${engine.endpoint}/000000000000/work`,
      AWS_REGION: "eu-central-1",
      AWS_LAMBDA_FUNCTION_NAME: "see",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ENDPOINT_URL_DYNAMODB: engine.dynamodbEndpoint,
      SWITCHYARD_PROVIDER_ENDPOINTS: '{"nova-lite":"http://127.0.0.1:9"}',
    });
    expect(Object.keys(seen?.environment ?? {})).not.toContain("SECRET_OF_THE_PARENT");
    expect(Object.keys(seen?.environment ?? {})).not.toContain("NODE_COMPILE_CACHE");
    expect(seen?.flags).toContain("--max-old-space-size=460");
    expect(seen).toMatchObject({
      name: "see",
      arn: "arn:aws:lambda:eu-central-1:000000000000:function:see",
      id: expect.any(String),
    });
    expect(seen?.left).toBeGreaterThan(4000);
    expect(seen?.event.Records).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: "hé 😀",
        attributes: {
          ApproximateReceiveCount: "1",
          SentTimestamp: expect.any(String),
          SenderId: expect.any(String),
          ApproximateFirstReceiveTimestamp: expect.any(String),
        },
        messageAttributes: {
          kind: { dataType: "String", stringValue: "x", stringListValues: [], binaryListValues: [] },
        },
        md5OfBody: expect.any(String),
        md5OfMessageAttributes: expect.any(String),
        eventSource: "aws:sqs",
        eventSourceARN: "arn:aws:sqs:eu-central-1:000000000000:work",
        awsRegion: "eu-central-1",
      },
    ]);
    const [stats] = engine.functions();
    expect(stats).toMatchObject({ name: "see", invocations: 1, processesStarted: 1 });
    expect(stats?.peakRssBytes).toBeGreaterThan(20e6);
    expect(readFileSync(stats?.logFile ?? "", "utf8")).toContain("seen");
  });

  it("deletes what a batch did, brings back what failed, and redrives it after maxReceiveCount", async () => {
    const engine = await run({
      resources: {
        Dead: { Type: "AWS::SQS::Queue", Properties: { QueueName: "dead" } },
        Work: {
          Type: "AWS::SQS::Queue",
          Properties: {
            QueueName: "work",
            VisibilityTimeout: 1,
            RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 2 },
          },
        },
        F: functionResource("partly", { Timeout: 1 }),
        M: mappingResource("Work", "F"),
      },
      bundles: {
        partly: `${recorder}
          export const handler = async ({ Records }) => {
            record(Records.map(({ body, attributes }) => body + attributes.ApproximateReceiveCount));
            return { batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })) };
          };`,
      },
    });

    await engine.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: engine.url("work"),
        Entries: ["good", "bad"].map((MessageBody) => ({ Id: MessageBody, MessageBody })),
      }),
    );
    await eventually(async () => (await engine.count("dead")).visible === 1);

    expect(engine.recorded<string[]>().flat().toSorted()).toEqual(["bad1", "bad2", "good1"]);
    expect(await engine.count("work")).toEqual({ visible: 0, inFlight: 0 });
    expect(engine.idle()).toBe(true);
  });

  it("kills a function at its time-out, and its messages stay invisible until their visibility is over", async () => {
    const engine = await run({
      resources: {
        Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work", VisibilityTimeout: 2 } },
        F: functionResource("slow", { Timeout: 1 }),
        M: mappingResource("Work", "F"),
      },
      bundles: {
        slow: `${recorder}
          export const handler = async ({ Records: [{ attributes }] }) => {
            record([process.pid, Date.now()]);
            if (attributes.ApproximateReceiveCount === "1") for (;;) {}
          };`,
      },
    });

    await engine.sqs.send(new SendMessageCommand({ QueueUrl: engine.url("work"), MessageBody: "x" }));
    await eventually(() => engine.recorded().length === 2 && engine.idle());

    const [[firstPid, firstAt] = [0, 0], [secondPid, secondAt] = [0, 0]] = engine.recorded<[number, number]>();
    expect(secondPid).not.toBe(firstPid);
    expect(isAlive(firstPid)).toBe(false);
    expect(secondAt - firstAt).toBeGreaterThan(1800);
    expect(engine.functions()[0]).toMatchObject({
      invocations: 2,
      errors: { timeout: 1, crash: 0, error: 0, init: 0 },
    });
    expect(engine.functions()[0]?.billedMs).toBeGreaterThanOrEqual(1000);
    expect(engine.failures).toEqual(["slow timeout"]);
  });

  it("counts a process that is killed from outside as a crash, and runs its message again", async () => {
    const engine = await run({
      resources: {
        Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work", VisibilityTimeout: 1 } },
        F: functionResource("victim", { Timeout: 1 }),
        M: mappingResource("Work", "F"),
      },
      bundles: {
        victim: `${recorder}
          export const handler = async ({ Records: [{ attributes }] }) => {
            record(attributes.ApproximateReceiveCount);
            if (attributes.ApproximateReceiveCount === "1") await new Promise((resolve) => setTimeout(resolve, 900));
          };`,
      },
    });

    await engine.sqs.send(new SendMessageCommand({ QueueUrl: engine.url("work"), MessageBody: "x" }));
    await eventually(() => engine.recorded().length === 1);
    for (const { pid } of engine.processes().filter(({ busy }) => busy)) process.kill(pid, "SIGKILL");
    await eventually(() => engine.recorded().length === 2 && engine.idle());

    expect(engine.recorded()).toEqual(["1", "2"]);
    expect(engine.failures).toEqual(["victim crash"]);
  });

  it("says which functions there are when it is asked for one that there is not", async () => {
    const engine = await run({
      resources: { F: functionResource("quick") },
      bundles: { quick: "export const handler = async () => undefined;" },
    });

    await expect(engine.invoke("quik", {})).rejects.toThrow("There is no function quik. There are: quick.");
  });

  it("tells of a handler that throws and of a bundle that does not load", async () => {
    const engine = await run({
      resources: { A: functionResource("throws"), B: functionResource("broken") },
      bundles: {
        throws: 'export const handler = async () => { throw new TypeError("not today"); };',
        broken: 'throw new Error("at the start");',
      },
    });

    const results = [await engine.invoke("throws", {}), await engine.invoke("broken", {})];

    expect(results).toMatchObject([
      { kind: "failed", reason: "error", errorType: "TypeError", errorMessage: "not today" },
      { kind: "failed", reason: "init" },
    ]);
    expect(engine.failures).toEqual(["throws error TypeError", "broken init at the start"]);
    expect(readFileSync(join(engine.stateDirectory, "logs", "broken.log"), "utf8")).toContain("at the start");
    expect(engine.functions().map(({ errors }) => errors)).toMatchObject([{ error: 1 }, { init: 1 }]);
  });

  it("gathers a large batch within its window, and starts no more invocations than the mapping allows", async () => {
    const engine = await run(
      {
        resources: {
          Work: work,
          F: functionResource("batch"),
          M: mappingResource("Work", "F", {
            BatchSize: 1000,
            MaximumBatchingWindowInSeconds: 1,
            ScalingConfig: { MaximumConcurrency: 2 },
          }),
        },
        bundles: {
          batch: `${recorder}
            export const handler = async ({ Records }) => { record(Records.length); await new Promise((resolve) => setTimeout(resolve, 50)); };`,
        },
      },
      { processes: { perFunction: 4 } },
    );

    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: "x" }));
    await Promise.all(
      Array.from({ length: 120 }, () =>
        engine.sqs.send(new SendMessageBatchCommand({ QueueUrl: engine.url("work"), Entries })),
      ),
    );
    await eventually(() => engine.idle() && engine.recorded<number>().reduce((sum, count) => sum + count, 0) === 1200);

    expect(Math.max(...engine.recorded<number>())).toBe(1000);
    expect(engine.functions()[0]?.processesStarted).toBeLessThanOrEqual(2);
    expect(engine.usage().services.calls["sqs.DeleteMessageBatch"]).toBe(120);
  });

  it("hands a message to an idle function within milliseconds, and waits at almost no cost", async () => {
    const engine = await run({
      resources: { Work: work, F: functionResource("quick"), M: mappingResource("Work", "F") },
      bundles: { quick: "export const handler = async () => undefined;" },
    });
    await engine.invoke("quick", { Records: [] });
    const delays: number[] = [];

    for (let round = 0; round < 5; round += 1) {
      const invocations = engine.functions()[0]?.invocations ?? 0;
      const sent = performance.now();
      await engine.sqs.send(new SendMessageCommand({ QueueUrl: engine.url("work"), MessageBody: "x" }));
      await eventually(() => (engine.functions()[0]?.invocations ?? 0) > invocations);
      delays.push(performance.now() - sent);
    }

    expect(Math.min(...delays)).toBeLessThan(100);
    expect(engine.usage().emptyReceives).toBeLessThanOrEqual(5);
  });

  it("delivers an Object Created event for an object that a rule matches", async () => {
    const engine = await run({
      resources: {
        Uploads: { Type: "AWS::SQS::Queue", Properties: { QueueName: "uploads" } },
        Bucket: {
          Type: "AWS::S3::Bucket",
          Properties: {
            BucketName: "intake",
            NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } },
          },
        },
        Quiet: { Type: "AWS::S3::Bucket", Properties: { BucketName: "quiet" } },
        Rule: {
          Type: "AWS::Events::Rule",
          Properties: {
            EventPattern: {
              source: ["aws.s3"],
              "detail-type": ["Object Created"],
              detail: { bucket: { name: [{ Ref: "Bucket" }] }, object: { key: [{ wildcard: "uploads/*.jsonl" }] } },
            },
            Targets: [{ Id: "0", Arn: { "Fn::GetAtt": ["Uploads", "Arn"] } }],
          },
        },
        Delivery: {
          Type: "AWS::SQS::QueuePolicy",
          Properties: {
            Queues: [{ Ref: "Uploads" }],
            PolicyDocument: {
              Statement: {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: { "Fn::GetAtt": ["Uploads", "Arn"] },
                Condition: { ArnEquals: { "aws:SourceArn": { "Fn::GetAtt": ["Rule", "Arn"] } } },
              },
            },
          },
        },
      },
    });
    const put = (Bucket: string, Key: string) => engine.s3.send(new PutObjectCommand({ Bucket, Key, Body: "{}\n" }));

    await put("quiet", "uploads/a.jsonl");
    await put("intake", "results/a.jsonl");
    const { ETag } = await put("intake", "uploads/é a+b.jsonl");
    const { Messages } = await engine.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: engine.url("uploads"), WaitTimeSeconds: 5 }),
    );

    const event = JSON.parse(Messages?.[0]?.Body ?? "");
    expect(event).toMatchObject({
      "detail-type": "Object Created",
      source: "aws.s3",
      region: "eu-central-1",
      detail: {
        bucket: { name: "intake" },
        object: { key: "uploads/é a+b.jsonl", size: 3, etag: ETag?.replaceAll('"', "") },
      },
    });
    expect(await engine.count("uploads")).toEqual({ visible: 0, inFlight: 1 });
    expect(engine.usage().objectEvents).toBe(2);
    await engine.s3.send(
      new GetObjectCommand({ Bucket: "intake", Key: event.detail.object.key, IfMatch: event.detail.object.etag }),
    );
  });

  it("counts calls of functions, services and clients apart, in the units that are billed", async () => {
    const sdk = (name: string): string => JSON.stringify(import.meta.resolve(`@aws-sdk/client-${name}`));
    const engine = await run({
      resources: {
        Work: work,
        Out: {
          Type: "AWS::SQS::Queue",
          Properties: {
            QueueName: "out",
            KmsMasterKeyId: { "Fn::GetAtt": ["Key", "Arn"] },
            KmsDataKeyReusePeriodSeconds: 300,
          },
        },
        Key: { Type: "AWS::KMS::Key", Properties: {} },
        Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "bytes" } },
        Table: {
          Type: "AWS::DynamoDB::Table",
          Properties: {
            TableName: "table",
            BillingMode: "PAY_PER_REQUEST",
            KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
            AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
          },
        },
        F: functionResource("calls", { Environment: { Variables: { OUT: { Ref: "Out" } } } }),
        M: mappingResource("Work", "F"),
      },
      bundles: {
        calls: `${recorder}
            import { SQSClient, SendMessageCommand } from ${sdk("sqs")};
            import { S3Client, PutObjectCommand } from ${sdk("s3")};
            import { DynamoDBClient, PutItemCommand, GetItemCommand, UpdateItemCommand } from ${sdk("dynamodb")};
            import { EventBridgeClient, PutEventsCommand } from ${sdk("eventbridge")};
            import { SecretsManagerClient, GetSecretValueCommand } from ${sdk("secrets-manager")};
            const table = new DynamoDBClient();
            export const handler = async () => {
              await new SQSClient().send(new SendMessageCommand({ QueueUrl: process.env.OUT, MessageBody: "x".repeat(130_000) }));
              await new S3Client().send(new PutObjectCommand({ Bucket: "bytes", Key: "k", Body: "b" }));
              const Item = { pk: { S: "1" }, body: { S: "x".repeat(3000) } };
              await table.send(new PutItemCommand({ TableName: "table", Item }));
              await table.send(new GetItemCommand({ TableName: "table", Key: { pk: { S: "1" } } }));
              await table.send(new UpdateItemCommand({ TableName: "table", Key: { pk: { S: "1" } }, UpdateExpression: "SET n = :n", ExpressionAttributeValues: { ":n": { N: "1" } } }));
              await table.send(new PutItemCommand({ TableName: "table", Item, ConditionExpression: "attribute_not_exists(pk)" })).catch((error) => record(error.name));
              await new EventBridgeClient().send(new PutEventsCommand({ Entries: [{ Source: "switchyard", DetailType: "Batch Completed", Detail: '{"batch":"b1"}' }] }));
              record((await new SecretsManagerClient().send(new GetSecretValueCommand({ SecretId: "switchyard/x" }))).SecretString);
            };`,
      },
    });
    const events: unknown[] = [];
    engine.onEvent(({ detail }) => events.push(detail));

    await engine.sqs.send(new SendMessageCommand({ QueueUrl: engine.url("work"), MessageBody: "go" }));
    await eventually(() => engine.recorded().length === 2 && engine.idle());

    expect(engine.recorded()).toEqual(["ConditionalCheckFailedException", "simulated"]);
    expect(events).toEqual([{ batch: "b1" }]);
    const usage = engine.usage();
    expect(usage.functions).toEqual({
      calls: {
        "sqs.SendMessage": 1,
        "s3.PutObject": 1,
        "dynamodb.PutItem": 2,
        "dynamodb.GetItem": 1,
        "dynamodb.UpdateItem": 1,
        "eventbridge.PutEvents": 1,
        "secretsmanager.GetSecretValue": 1,
      },
      sqsRequests: 2,
      dynamodbWriteUnits: 9,
      dynamodbReadUnits: 0.5,
      customEvents: 1,
    });
    expect(usage.services).toMatchObject({
      calls: { "sqs.ReceiveMessage": 1, "sqs.DeleteMessageBatch": 1 },
      sqsRequests: 2,
    });
    expect(usage.clients.calls).toEqual({ "sqs.SendMessage": 1 });
    expect(usage.lambda.invocations).toBe(1);
    expect(usage.lambda.gbSeconds).toBeCloseTo(((engine.functions()[0]?.billedMs ?? 0) / 1000) * 0.25, 9);
    expect(usage.kmsRequests).toBeCloseTo((2 * usage.seconds) / 300, 6);
  });

  it("leaves no process and no port behind when it is stopped, also in the middle of an invocation", async () => {
    const engine = await run({
      resources: { F: functionResource("endless") },
      bundles: { endless: "export const handler = () => new Promise(() => setInterval(() => undefined, 1000));" },
    });
    const invocation = engine.invoke("endless", {});
    await eventually(() => engine.processes().some(({ busy }) => busy));
    const [running] = engine.processes();

    await engine.stop();

    expect(isAlive(running?.pid ?? 0)).toBe(false);
    expect(await invocation).toMatchObject({ kind: "failed" });
    await expect(fetch(`${engine.endpoint}/health`)).rejects.toThrow();
    await expect(fetch(engine.dynamodbEndpoint)).rejects.toThrow();
  });

  it("keeps messages, objects and items in a data directory from one start to the next, on another port", async () => {
    const resources = {
      Work: work,
      Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "kept" } },
      Table: {
        Type: "AWS::DynamoDB::Table",
        Properties: {
          TableName: "kept",
          BillingMode: "PAY_PER_REQUEST",
          KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
          AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        },
      },
    };
    const directory = mkdtempSync(join(tmpdir(), "switchyard-data-"));
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const table = ({ dynamodbEndpoint, region }: Engine) =>
      new DynamoDBClient({
        region,
        endpoint: dynamodbEndpoint,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      });
    const first = await run({ resources }, { dataDirectory: directory });
    await first.sqs.send(new SendMessageCommand({ QueueUrl: first.url("work"), MessageBody: "kept" }));
    await first.s3.send(new PutObjectCommand({ Bucket: "kept", Key: "k", Body: "bytes" }));
    await table(first).send(new PutItemCommand({ TableName: "kept", Item: { pk: { S: "1" } } }));
    await first.stop();

    const second = await run({ resources }, { dataDirectory: directory });
    const { Messages } = await second.sqs.send(new ReceiveMessageCommand({ QueueUrl: second.url("work") }));
    const { Body } = await second.s3.send(new GetObjectCommand({ Bucket: "kept", Key: "k" }));
    const { Item } = await table(second).send(new GetItemCommand({ TableName: "kept", Key: { pk: { S: "1" } } }));

    expect(Messages?.[0]?.Body).toBe("kept");
    expect(await Body?.transformToString()).toBe("bytes");
    expect(Item).toEqual({ pk: { S: "1" } });
  });

  it.each([
    [
      "a visibility shorter than the function's time-out",
      mappingResource("Work", "F"),
      { Timeout: 60 },
      /^M: .*visibility of 5 s/,
    ],
    [
      "a batch size over 10 without a window",
      mappingResource("Work", "F", { BatchSize: 100 }),
      {},
      /^M: .*batching window/,
    ],
    [
      "a filter that it would not apply",
      mappingResource("Work", "F", { FilterCriteria: {} }),
      {},
      /^M .*FilterCriteria/,
    ],
    [
      "code that is not an asset",
      mappingResource("Work", "F"),
      { Code: { S3Bucket: "b", S3Key: "gone.zip" } },
      /^F: .*gone\.zip/,
    ],
  ])("refuses %s, naming the logical id", async (_what, mapping, properties, message) => {
    const fixture = {
      resources: { Work: work, F: functionResource("f", properties), M: mapping },
      bundles: { f: "export const handler = async () => undefined;" },
    };

    await expect(run(fixture)).rejects.toThrow(message);
  });
});
