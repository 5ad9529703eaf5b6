import { PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createBatchStore } from "../../lib/stores/dynamodb/batch-store.ts";
import { createOpenStore } from "../../lib/stores/dynamodb/open-store.ts";
import { policyDocument } from "../fakes/policy-document.ts";
import { type Emulators, openEmulators } from "../stores/emulators.ts";

// What a later version queued or wrote, met by the functions of this one.

vi.mock("../../lib/runtime/bundled-policy.ts", () => ({
  readBundledPolicy: () => ({ document: policyDocument("v1"), generation: 7 }),
}));

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "switchyard",
  functionVersion: "1",
  invokedFunctionArn: "arn:aws:lambda:us-east-1:1:function:switchyard",
  memoryLimitInMB: "256",
  awsRequestId: "request-1",
  logGroupName: "g",
  logStreamName: "s",
  getRemainingTimeInMillis: () => 120_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
const chunksArn = "arn:aws:sqs:us-east-1:000000000000:chunks";
const secret = "what a user wrote";

let emulators: Emulators;
let written: string[];
beforeAll(async () => {
  emulators = await openEmulators();
  const url = await emulators.newQueue();
  const queues = JSON.stringify({ "bedrock-us-east-1-general": url });
  const bucket = emulators.bucket;
  const environment = {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: emulators.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: emulators.dynamodbEndpoint,
    TABLE_NAME: emulators.table,
    ...{ POLICY_BUCKET: bucket, INTAKE_BUCKET: bucket, GENERAL_BUCKET: bucket, RESTRICTED_BUCKET: bucket },
    ...{ CHUNKS_QUEUE_URL: url, COLLECT_QUEUE_URL: url, UPLOADS_QUEUE_URL: url, LANE_QUEUE_URL: url },
    ...{ LANE_DEAD_QUEUE_URL: url, LANE_QUEUE_URLS: queues, REPLY_QUEUE_URLS: queues },
    ...{ CHUNKS_QUEUE_ARN: chunksArn, JOBS_QUEUE_ARN: `${chunksArn}-not`, LANE: "bedrock-us-east-1-general" },
    ...{ ZONE: "general", ZONE_BUCKET: bucket, LEASE_SECONDS: "150" },
    ...{ EVENT_BUS_NAME: "default", TOPIC_ARN: "arn:aws:sns:us-east-1:000000000000:topic" },
    POWERTOOLS_DEV: "true",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await emulators.close();
});
beforeEach(() => {
  written = [];
  for (const method of ["log", "info", "warn", "error", "debug"] as const)
    vi.spyOn(console, method).mockImplementation((text: unknown) => void written.push(String(text)));
});
afterEach(() => void vi.restoreAllMocks());

const Line = z.looseObject({
  level: z.string().optional(),
  messageId: z.string().optional(),
  where: z.string().optional(),
});
const errors = () => written.map((text) => Line.parse(JSON.parse(text))).filter(({ level }) => level === "ERROR");

/** What no function of this version can have been meant to read. */
const unknown: Record<string, string> = {
  "of a kind to come": JSON.stringify({ kind: "merge", v: 1, chunk: "b/0", shard: "0", prompt: secret }),
  "of a version to come": JSON.stringify({
    v: 2,
    chunk: "b/0",
    shard: "0",
    zone: "general",
    payload: { text: secret },
  }),
  "that is no JSON": `{"prompt": "${secret}`,
};

/** Loaded once their environment is there. */
const functions = {
  plan: () => import("../../lambdas/plan.ts"),
  classify: () => import("../../lambdas/classify.ts"),
  invoke: () => import("../../lambdas/invoke.ts"),
  fallback: () => import("../../lambdas/fallback.ts"),
  collect: () => import("../../lambdas/collect.ts"),
};

describe.each(Object.entries(functions))("%s", (_name, load) => {
  it.each(Object.entries(unknown))("keeps a message %s, and reports it without its content", async (_, body) => {
    const { handler } = await load();
    const attributes = { ApproximateReceiveCount: "1", SenderId: "AIDAEXAMPLE" };
    const record = { messageId: "m-1", body, eventSourceARN: chunksArn, attributes };

    const response: unknown = await handler({ Records: [record] }, context);

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "m-1" }] });
    expect(errors()).toMatchObject([{ messageId: "m-1" }]);
    expect(written.join()).not.toContain(secret);
  });
});

describe("sweep", () => {
  it("leaves an item that it cannot read, reports it, and looks at everything else", async () => {
    const { dynamodb, table: TableName } = emulators;
    const put = (Item: object) => dynamodb.send(new PutCommand({ TableName, Item: { ...Item } }));
    const entry = (id: string, kind: string) => ({ pk: "OPEN#0", sk: `${kind}#${id}`, kind, id, sinceMs: 1 });
    await put({ ...entry("b-later", "batch"), note: secret });
    await put({ pk: "BATCH#b-later", sk: "META", id: "b-later", state: "thinking", note: secret });
    await put(entry("p-1", "pipeline"));
    const open = createOpenStore({ client: dynamodb, name: TableName, clock: () => 0 });
    await open.add({ kind: "batch", id: "b-gone", sinceMs: 1 });
    const { handler } = await import("../../lambdas/sweep.ts");

    await expect(handler({}, context)).rejects.toThrow("could not look at everything");

    const wheres = errors().flatMap(({ where }) => where ?? []);
    expect(wheres.toSorted()).toEqual(["batch b-later", "unknown pipeline#p-1"]);
    expect(written.join()).not.toContain(secret);
    const left = (await Array.fromAsync(open.list())).map(({ id }) => id);
    expect(left.toSorted()).toEqual(["b-later", "pipeline#p-1"]);
    await expect(
      createBatchStore({ client: dynamodb, name: TableName, clock: () => 0 }).read("b-later"),
    ).rejects.toThrow(z.ZodError);
  });
});
