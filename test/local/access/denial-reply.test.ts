import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { functionAccessKeyId } from "../../../lib/local/access/access-keys.ts";
import type { Denial } from "../../../lib/local/access/denial.ts";
import { denialReply } from "../../../lib/local/access/denial-reply.ts";
import { type AwsEndpoint, startAwsEndpoint } from "../../../lib/local/emulators/aws-endpoint.ts";
import { type DynamodbEndpoint, startDynamodb } from "../../../lib/local/emulators/dynamodb.ts";
import { startSimulatedProviders } from "../../../lib/local/simulated-providers/start-simulated-providers.ts";
import { createTally } from "../../../lib/local/usage.ts";
import { createBedrock } from "../../../lib/providers/bedrock.ts";
import { bedrockDeployment, question } from "../../providers/deployments.ts";

const region = "eu-central-1";
const credentials = { accessKeyId: functionAccessKeyId(), secretAccessKey: "local" };
const message = 'User: arn:aws:sts::000000000000:assumed-role/r/f is not authorized to perform: x on resource: "<y>"';
const tally = createTally();
let action = "x";
let aws: AwsEndpoint;
let dynamodb: DynamodbEndpoint;

const deny = ({ call }: { call: string }): Denial => ({
  functionName: "f",
  call,
  action,
  resource: "y",
  why: "nothing allows it",
  message,
});

beforeAll(async () => {
  aws = await startAwsEndpoint({
    region,
    port: 0,
    tally,
    onObject: () => undefined,
    onPutEvent: () => "1",
    secret: (id) => ({ arn: id, value: "secret" }),
    setupAccessKeyId: "setup",
    authorize: deny,
  });
  dynamodb = await startDynamodb({
    place: { region, accountId: "000000000000" },
    tally,
    setupAccessKeyId: "setup",
    authorize: deny,
  });
});

afterAll(async () => {
  await aws.close();
  await dynamodb.close();
});

const client = () => ({ region, endpoint: aws.url, credentials, maxAttempts: 1 });
const QueueUrl = "http://127.0.0.1/000000000000/q";
const Entries = [{ Id: "1", MessageBody: "x" }];
const Event = { Source: "s", DetailType: "d", Detail: "{}" };

/** What the service's own SDK client makes of it. */
const calls: Record<string, () => Promise<unknown>> = {
  "SQS SendMessage": () => new SQSClient(client()).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" })),
  "SQS SendMessageBatch": () => new SQSClient(client()).send(new SendMessageBatchCommand({ QueueUrl, Entries })),
  "S3 GetObject": () => new S3Client(client()).send(new GetObjectCommand({ Bucket: "b", Key: "k" })),
  "S3 PutObject": () => new S3Client(client()).send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" })),
  "S3 HeadObject": () => new S3Client(client()).send(new HeadObjectCommand({ Bucket: "b", Key: "k" })),
  "SNS Publish": () => new SNSClient(client()).send(new PublishCommand({ TopicArn: "arn:t", Message: "x" })),
  "EventBridge PutEvents": () => new EventBridgeClient(client()).send(new PutEventsCommand({ Entries: [Event] })),
  "Secrets Manager GetSecretValue": () =>
    new SecretsManagerClient(client()).send(new GetSecretValueCommand({ SecretId: "s" })),
  "DynamoDB GetItem": () =>
    new DynamoDBClient({ ...client(), endpoint: dynamodb.url }).send(
      new GetItemCommand({ TableName: "t", Key: { pk: { S: "1" } } }),
    ),
};

describe("a denied call", () => {
  it.each([
    ["SQS SendMessage", "AccessDenied", 403],
    ["SQS SendMessageBatch", "AccessDenied", 403],
    ["S3 GetObject", "AccessDenied", 403],
    ["S3 PutObject", "AccessDenied", 403],
    ["SNS Publish", "AuthorizationErrorException", 403],
    ["EventBridge PutEvents", "AccessDeniedException", 400],
    ["Secrets Manager GetSecretValue", "AccessDeniedException", 400],
    ["DynamoDB GetItem", "AccessDeniedException", 400],
  ])("is to the SDK's client, for %s, %s with status %d", async (call, name, httpStatusCode) => {
    action = "x";

    await expect(calls[call]?.()).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode } });
  });

  it("has no body where the request is for the head only", async () => {
    await expect(calls["S3 HeadObject"]?.()).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it.each([
    ["SQS SendMessage", "KmsAccessDenied"],
    ["SNS Publish", "KMSAccessDeniedException"],
    ["S3 PutObject", "AccessDenied"],
  ])("for want of the key is, for %s, %s", async (call, name) => {
    action = "kms:GenerateDataKey";

    await expect(calls[call]?.()).rejects.toMatchObject({ name, message });
  });

  it("is an auth failure to our Bedrock provider", async () => {
    const simulated = await startSimulatedProviders({
      deployments: [bedrockDeployment],
      refuse: () => denialReply(deny({ call: "bedrock.Converse" })),
    });
    vi.stubEnv("AWS_ACCESS_KEY_ID", credentials.accessKeyId);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
    const baseUrl = simulated.endpointFor(bedrockDeployment);
    const provider = createBedrock(bedrockDeployment, { baseUrl, now: Date.now, reach: "this-machine" });

    const outcome = await provider.call({ body: question, timeoutMs: 5_000 });

    expect(outcome).toEqual({ kind: "failed", error: { kind: "auth", detail: "403 AccessDeniedException" } });
    expect(simulated.counts()).toMatchObject({ "haiku-eu": { outcomes: { rejected: 1 } } });
    vi.unstubAllEnvs();
    await provider.close();
    await simulated.close();
  });

  it("is not counted among what the functions used", () => {
    expect(tally.functions.calls).toEqual({});
  });
});

describe("a request that is not signed", () => {
  it("is refused, and told how to sign", async () => {
    const response = await fetch(`${aws.url}/b/k`);

    expect(response.status).toBe(403);
    expect(await response.text()).toMatch(/not signed.*AWS_ACCESS_KEY_ID=local/);
  });

  it("to a service that does not check who asks is answered", async () => {
    expect((await fetch(`${aws.url}/health`)).status).toBe(200);
  });
});
