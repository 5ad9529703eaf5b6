import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { Upload } from "@aws-sdk/lib-storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AwsEndpoint, startAwsEndpoint } from "../../../lib/local/emulators/aws-endpoint.ts";
import { createTally } from "../../../lib/local/usage.ts";

const tally = createTally();
const written: [string, number][] = [];
let endpoint: AwsEndpoint;
let sqs: SQSClient;
let s3: S3Client;
let queue: string;
const Bucket = "bucket";

beforeAll(async () => {
  endpoint = await startAwsEndpoint({
    region: "eu-central-1",
    port: 0,
    tally,
    onObject: (_bucket, { key, contentLength }) => written.push([key, contentLength]),
    onPutEvent: () => "1",
    secret: (id) => ({ arn: `arn:${id}`, value: id }),
    setupAccessKeyId: "setup",
    authorize: () => undefined,
  });
  const client = {
    region: "eu-central-1",
    endpoint: endpoint.url,
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  };
  sqs = new SQSClient(client);
  s3 = new S3Client(client);
  queue = `${endpoint.url}/000000000000/q`;
  await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  sqs.destroy();
  s3.destroy();
  await endpoint.close();
});

const send = (MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
const receive = async (WaitTimeSeconds: number) =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds }))).Messages ??
  [];

describe("the SQS endpoint", () => {
  it("hands out queue URLs on its own address", async () => {
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: "q" }))).QueueUrl).toBe(queue);
  });

  it("takes characters beyond U+FFFF, and refuses what SQS refuses", async () => {
    await send("é 漢 😀");

    expect((await receive(1)).map(({ Body }) => Body)).toEqual(["é 漢 😀"]);
    await expect(send("\u0001")).rejects.toThrow(/Invalid characters/);
  });

  it("takes batches of four messages of 256 KiB, and counts what they are billed as", async () => {
    const before = tally.clients.sqsRequests;
    const Entries = ["a", "b", "c", "d"].map((Id) => ({ Id, MessageBody: Id.repeat(256 * 1024) }));

    const { Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));

    expect(Successful).toHaveLength(4);
    expect(await receive(1)).toHaveLength(4);
    await expect.poll(() => tally.clients.sqsRequests - before).toBe(32);
  });

  it("wakes a long poll when a delayed message is due", async () => {
    const started = performance.now();
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "later", DelaySeconds: 1 }));

    expect((await receive(5)).map(({ Body }) => Body)).toEqual(["later"]);
    expect(performance.now() - started).toBeGreaterThan(900);
    expect(performance.now() - started).toBeLessThan(3000);
  });
});

describe("the S3 endpoint", () => {
  const put = (Key: string, Body: string | Buffer, ContentType?: string) =>
    s3.send(
      new PutObjectCommand({
        Bucket,
        Key,
        Body,
        Metadata: { "data-class": "pii" },
        ...(ContentType === undefined ? {} : { ContentType }),
      }),
    );
  const get = async (Key: string, conditions: { IfMatch?: string; Range?: string } = {}) =>
    (await s3.send(new GetObjectCommand({ Bucket, Key, ...conditions }))).Body?.transformToString();

  it.each(["application/x-www-form-urlencoded", "application/x-amz-json-1.0", "application/json", "text/plain"])(
    "keeps the bytes of an object of type %s",
    async (type) => {
      await put("typed", "a=1&{", type);

      expect(await get("typed")).toBe("a=1&{");
    },
  );

  it("takes an empty object, with a body of no bytes and with none", async () => {
    await put("empty", "");
    const signed = { authorization: "AWS4-HMAC-SHA256 Credential=local/20260101/eu-central-1/s3/aws4_request" };
    const bare = await fetch(`${endpoint.url}/${Bucket}/bare`, { method: "PUT", headers: signed });

    expect(await get("empty")).toBe("");
    expect(bare.status).toBe(200);
    await expect.poll(() => written).toContainEqual(["bare", 0]);
  });

  it("takes objects of many megabytes, whole and in parts, and tells of each once", async () => {
    await put("whole", Buffer.alloc(20e6, "a"));
    await new Upload({ client: s3, params: { Bucket, Key: "parts", Body: Buffer.alloc(12e6, "b") } }).done();

    expect((await get("parts", { Range: "bytes=11999998-" })) ?? "").toBe("bb");
    await expect
      .poll(() => written.filter(([key]) => key === "whole" || key === "parts"))
      .toEqual([
        ["whole", 20e6],
        ["parts", 12e6],
      ]);
  });

  it("keeps user metadata, and honours If-Match with and without quotes, on GET and HEAD", async () => {
    const { ETag = "" } = await put("matched", "x");

    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "matched", IfMatch: ETag }));

    expect(head.Metadata).toEqual({ "data-class": "pii" });
    expect(await get("matched", { IfMatch: ETag })).toBe("x");
    expect(await get("matched", { IfMatch: ETag.replaceAll('"', "") })).toBe("x");
    await expect(get("matched", { IfMatch: '"other"' })).rejects.toThrow(/pre-conditions/);
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: "matched", IfMatch: '"other"' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
  });
});
