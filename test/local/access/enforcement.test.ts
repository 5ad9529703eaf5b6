import { afterEach, describe, expect, it } from "vitest";
import type { Denial } from "../../../lib/local/access/denial.ts";
import { type Engine, type EngineOptions, startEngine } from "../../../lib/local/engine.ts";
import { functionResource, mappingResource, roleResource, writeAssembly } from "../fixture-assembly.ts";
import { callAs, callerBundle, environmentOf, type SdkCall } from "./caller-bundle.ts";

type Resources = Parameters<typeof writeAssembly>[0]["resources"];

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function run(resources: Resources, options: Partial<EngineOptions> = {}): Promise<Engine> {
  const { remove, ...assembly } = writeAssembly({ resources, bundles: { caller: callerBundle, other: callerBundle } });
  cleanups.push(remove);
  const engine = await startEngine({ ...assembly, providerEndpoints: {}, ...options });
  cleanups.push(engine.stop);
  return engine;
}

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
const allow = (Action: string | string[], Resource: unknown, Condition = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const acting = (...statements: Record<string, unknown>[]): Resources => ({
  Role: roleResource(statements),
  Caller: functionResource("caller", { Role: arn("Role") }),
});
const queueArn = "arn:aws:sqs:eu-central-1:000000000000:work";

const work = { Type: "AWS::SQS::Queue", Properties: { QueueName: "work" } };
const key = { Type: "AWS::KMS::Key", Properties: {} };
const lockedQueue = { Type: "AWS::SQS::Queue", Properties: { QueueName: "work", KmsMasterKeyId: arn("Key") } };
const bucket = { Type: "AWS::S3::Bucket", Properties: { BucketName: "bytes" } };
const topic = { Type: "AWS::SNS::Topic", Properties: { TopicName: "topic" } };
const table = {
  Type: "AWS::DynamoDB::Table",
  Properties: {
    TableName: "table",
    BillingMode: "PAY_PER_REQUEST",
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
  },
};

const send = ({ endpoint }: Engine): SdkCall => [
  "SQSClient",
  "SendMessageCommand",
  { QueueUrl: `${endpoint}/000000000000/work`, MessageBody: "x" },
];
const put: SdkCall = ["S3Client", "PutObjectCommand", { Bucket: "bytes", Key: "in/k", Body: "x" }];
const get: SdkCall = ["S3Client", "GetObjectCommand", { Bucket: "bytes", Key: "in/k" }];
const Key = { pk: { S: "1" } };
const getItem: SdkCall = ["DynamoDBClient", "GetItemCommand", { TableName: "table", Key }];
const putItem: SdkCall = ["DynamoDBClient", "PutItemCommand", { TableName: "table", Item: Key }];

describe("a function", () => {
  it("does what its role allows and nothing else, over all services", async () => {
    const engine = await run({
      Work: work,
      Bucket: bucket,
      Table: table,
      Topic: topic,
      ...acting(
        allow("sqs:SendMessage", arn("Work")),
        allow("s3:PutObject", "arn:aws:s3:::bytes/in/*"),
        allow("dynamodb:GetItem", arn("Table")),
        allow("sns:Publish", { Ref: "Topic" }),
        allow("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:*:*:secret:mine-??????"),
        allow("events:PutEvents", "*", { StringEquals: { "events:source": "mine" } }),
      ),
    });
    const as = (call: SdkCall) => callAs(engine, "caller", call);
    const receive: SdkCall = ["SQSClient", "ReceiveMessageCommand", { QueueUrl: send(engine)[2].QueueUrl }];
    const secret = (SecretId: string): SdkCall => ["SecretsManagerClient", "GetSecretValueCommand", { SecretId }];
    const event = (Source: string): SdkCall => [
      "EventBridgeClient",
      "PutEventsCommand",
      { Entries: [{ Source, DetailType: "d", Detail: "{}" }] },
    ];
    const publish = (TopicArn: string): SdkCall => ["SNSClient", "PublishCommand", { TopicArn, Message: "x" }];
    const topicArn = "arn:aws:sns:eu-central-1:000000000000:topic";
    const elsewhere: SdkCall = ["S3Client", "PutObjectCommand", { Bucket: "bytes", Key: "out/k", Body: "x" }];

    for (const call of [send(engine), put, getItem, publish(topicArn), secret("mine"), event("mine")]) {
      expect(await as(call), call[1]).toEqual({ kind: "done" });
    }
    expect(engine.denials()).toEqual([]);

    for (const call of [receive, get, elsewhere, putItem, publish(`${topicArn}2`), secret("theirs"), event("theirs")]) {
      expect(await as(call), call[1]).toMatchObject({
        kind: "thrown",
        name: expect.stringMatching(/^(AccessDenied(Exception)?|AuthorizationErrorException)$/),
      });
    }
    expect(engine.denials().map(({ action }) => action)).toEqual([
      "sqs:ReceiveMessage",
      "s3:GetObject",
      "s3:PutObject",
      "dynamodb:PutItem",
      "sns:Publish",
      "secretsmanager:GetSecretValue",
      "events:PutEvents",
    ]);
  });

  it("leaves no trace of a denied call, and the denial says who, what, on what and why", async () => {
    const told: Denial[] = [];
    const engine = await run(
      { Bucket: bucket, Table: table, ...acting(allow(["s3:GetObject", "s3:ListBucket", "dynamodb:GetItem"], "*")) },
      { onDenied: (denial) => told.push(denial) },
    );

    const thrown = await callAs(engine, "caller", put);
    await callAs(engine, "caller", put);
    await callAs(engine, "caller", putItem);

    expect(thrown).toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(
        /^User: arn:aws:sts::000000000000:assumed-role\/Fixture-eu-central-1-Role-\w+\/caller is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::bytes\/in\/k because no identity-based policy allows the s3:PutObject action$/,
      ),
    });
    expect(await callAs(engine, "caller", get)).toMatchObject({ name: "NoSuchKey" });
    expect(engine.denials()).toMatchObject([
      { functionName: "caller", call: "s3.PutObject", resource: "arn:aws:s3:::bytes/in/k", count: 2 },
      { functionName: "caller", call: "dynamodb.PutItem", count: 1 },
    ]);
    expect(told.map(({ call, why }) => [call, why])).toEqual([
      ["s3.PutObject", "nothing in Role allows it"],
      ["dynamodb.PutItem", "nothing in Role allows it"],
    ]);
    expect(engine.usage().functions.calls).toEqual({ "s3.GetObject": 1 });
  });

  it("that may read objects but not list them is not told that one does not exist", async () => {
    const engine = await run({ Bucket: bucket, ...acting(allow("s3:GetObject", "arn:aws:s3:::bytes/*")) });

    expect(await callAs(engine, "caller", get)).toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("s3:ListBucket on resource: arn:aws:s3:::bytes "),
    });
  });

  it("needs the key of the queue that it sends to", async () => {
    const engine = await run({ Key: key, Work: lockedQueue, ...acting(allow("sqs:SendMessage", arn("Work"))) });

    expect(await callAs(engine, "caller", send(engine))).toMatchObject({
      name: "KmsAccessDenied",
      message: expect.stringContaining("kms:GenerateDataKey on resource: arn:aws:kms:"),
    });
    expect(engine.denials()).toMatchObject([{ call: "sqs.SendMessage", action: "kms:GenerateDataKey" }]);
  });

  it("is denied by a bucket's policy whatever its role allows", async () => {
    const engine = await run({
      Bucket: bucket,
      Closed: {
        Type: "AWS::S3::BucketPolicy",
        Properties: {
          Bucket: { Ref: "Bucket" },
          PolicyDocument: {
            Statement: { Sid: "No", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::bytes/*" },
          },
        },
      },
      Caller: functionResource("caller"),
    });

    expect(await callAs(engine, "caller", put)).toMatchObject({
      message: expect.stringMatching(/with an explicit deny in a resource-based policy$/),
    });
    expect(engine.denials()).toMatchObject([{ why: "Closed, No denies it" }]);
  });

  it("may do under another's access key what the other may, and under one that nobody was given nothing", async () => {
    const engine = await run({ Work: work, ...acting(), Other: functionResource("other") });
    const { accessKeyId: others } = await environmentOf(engine, "other");
    const { accessKeyId: own } = await environmentOf(engine, "caller");
    const guessed = `${own.slice(0, -1)}${own.endsWith("0") ? "1" : "0"}`;

    expect(await callAs(engine, "caller", send(engine))).toMatchObject({ name: "AccessDenied" });
    expect(await callAs(engine, "caller", send(engine), others)).toEqual({ kind: "done" });
    expect(await callAs(engine, "caller", send(engine), guessed)).toMatchObject({ name: "AccessDenied" });
    expect(others).not.toBe(own);
  });

  it("is told apart when it signs with a person's own credentials", async () => {
    const engine = await run(
      { Work: work, Table: table, ...acting(allow("dynamodb:GetItem", arn("Table"))) },
      { environmentFor: () => ({ AWS_ACCESS_KEY_ID: "AKIAOFSOMEBODY", AWS_SECRET_ACCESS_KEY: "theirs" }) },
    );

    expect(await callAs(engine, "caller", getItem)).toEqual({ kind: "done" });
    expect(await callAs(engine, "caller", send(engine))).toMatchObject({ name: "AccessDenied" });
    expect(engine.usage().functions.calls).toEqual({ "dynamodb.GetItem": 1 });
  });

  it("may not call an operation of which nobody has said what it needs, and is told where to say it", async () => {
    const engine = await run({ Work: work, Caller: functionResource("caller") });
    const purge: SdkCall = ["SQSClient", "PurgeQueueCommand", { QueueUrl: `${engine.endpoint}/000000000000/work` }];

    expect(await callAs(engine, "caller", purge)).toMatchObject({
      name: "AccessDenied",
      message: expect.stringMatching(/sqs\.PurgeQueue.*lib\/local\/access/),
    });
  });
});

describe("an engine", () => {
  const poller = (...statements: Record<string, unknown>[]): Resources => ({
    ...acting(...statements),
    Mapping: mappingResource("Work", "Caller"),
  });
  const polls = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const rule = {
    Type: "AWS::Events::Rule",
    Properties: { ScheduleExpression: "rate(1 day)", Targets: [{ Id: "0", Arn: arn("Work") }] },
  };
  const deliver = (statement: Record<string, unknown>) => ({
    Type: "AWS::SQS::QueuePolicy",
    Properties: {
      Queues: [{ Ref: "Work" }],
      PolicyDocument: {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: arn("Work"),
          ...statement,
        },
      },
    },
  });
  const forRule = (id: string) => ({ ArnEquals: { "aws:SourceArn": arn(id) } });
  const keyFor = (principal: Record<string, string>) => ({
    Type: "AWS::KMS::Key",
    Properties: {
      KeyPolicy: { Statement: { Effect: "Allow", Principal: principal, Action: "kms:*", Resource: "*" } },
    },
  });
  const lambdaRule = {
    Type: "AWS::Events::Rule",
    Properties: { ScheduleExpression: "rate(1 day)", Targets: [{ Id: "0", Arn: arn("Caller") }] },
  };

  it.each<[string, Resources, RegExp]>([
    [
      "a mapping whose role may not delete what it receives",
      {
        Work: { Type: "AWS::SQS::Queue", Properties: { QueueName: "work" } },
        ...poller(
          allow(
            polls.filter((each) => !each.endsWith("DeleteMessage")),
            "*",
          ),
        ),
      },
      /^Mapping: .*caller.*sqs:DeleteMessage on arn:aws:sqs:.*:work .*nothing in Role allows it/,
    ],
    [
      "a mapping whose role may not use the queue's key",
      { Key: key, Work: lockedQueue, ...poller(allow(polls, "*")) },
      /^Mapping: .*kms:Decrypt on arn:aws:kms:/,
    ],
    [
      "a rule that the queue does not let in",
      { Work: work, Rule: rule },
      /^Rule: EventBridge .*sqs:SendMessage on .*:work/,
    ],
    [
      "a rule when the queue lets in another",
      {
        Work: work,
        Rule: rule,
        Other: { ...rule, Properties: { ...rule.Properties, State: "DISABLED" } },
        Policy: deliver({ Condition: forRule("Other") }),
      },
      /^Rule: EventBridge .*sqs:SendMessage/,
    ],
    [
      "a rule that the queue's key does not let in",
      { Key: keyFor({ AWS: "000000000000" }), Work: lockedQueue, Rule: rule, Policy: deliver({}) },
      /^Rule: EventBridge .*kms:GenerateDataKey/,
    ],
    [
      "a rule that the function does not let in",
      { Caller: functionResource("caller"), Rule: lambdaRule },
      /^Rule: EventBridge .*lambda:InvokeFunction/,
    ],
  ])("refuses %s", async (_what, resources, message) => {
    await expect(run(resources)).rejects.toThrow(message);
  });

  it("takes mappings and rules that are let in, for themselves only", async () => {
    const engine = await run({
      Key: keyFor({ AWS: "000000000000", Service: "events.amazonaws.com" }),
      Work: lockedQueue,
      ...poller(allow(polls, queueArn), allow("kms:Decrypt", arn("Key"))),
      Rule: rule,
      Policy: deliver({ Condition: forRule("Rule") }),
      Call: lambdaRule,
      Permission: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: arn("Caller"),
          Principal: "events.amazonaws.com",
          SourceArn: arn("Call"),
        },
      },
    });

    expect(engine.denials()).toEqual([]);
  });
});
