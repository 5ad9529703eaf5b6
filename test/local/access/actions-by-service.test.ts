import { describe, expect, it } from "vitest";
import { actionsByService } from "../../../lib/local/access/actions-by-service.ts";
import { converseActions } from "../../../lib/local/access/bedrock.ts";
import { toLearnOfAbsence } from "../../../lib/local/access/s3.ts";
import { createSecretArns } from "../../../lib/local/access/secrets-manager.ts";

const place = { region: "eu-central-1", accountId: "000000000000" };
const actions = actionsByService(createSecretArns(place, () => 0));
const queue = "arn:aws:sqs:eu-central-1:000000000000:work";
const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/t";
const QueueUrl = "http://127.0.0.1:4566/000000000000/work";

type Given = { url?: string; headers?: Record<string, string>; body?: unknown };

function asked(call: string, { url = "/", headers = {}, body }: Given) {
  const [service = "", operation = ""] = call.split(".");
  return actions[service]?.(operation, { url, headers, body }, place);
}

describe("what a call asks IAM for", () => {
  it.each([
    ["sqs.SendMessage", { body: { QueueUrl } }, "sqs:SendMessage", queue],
    ["sqs.SendMessageBatch", { body: { QueueUrl } }, "sqs:SendMessage", queue],
    ["sqs.ReceiveMessage", { body: { QueueUrl } }, "sqs:ReceiveMessage", queue],
    ["sqs.DeleteMessage", { body: { QueueUrl } }, "sqs:DeleteMessage", queue],
    ["sqs.DeleteMessageBatch", { body: { QueueUrl } }, "sqs:DeleteMessage", queue],
    ["sqs.ChangeMessageVisibility", { body: { QueueUrl } }, "sqs:ChangeMessageVisibility", queue],
    ["sqs.ChangeMessageVisibilityBatch", { body: { QueueUrl } }, "sqs:ChangeMessageVisibility", queue],
    ["sqs.GetQueueAttributes", { body: { QueueUrl } }, "sqs:GetQueueAttributes", queue],
    ["sqs.GetQueueUrl", { body: { QueueName: "work" } }, "sqs:GetQueueUrl", queue],
    ["s3.GetObject", { url: "/b/a%20b/c?x-id=GetObject" }, "s3:GetObject", "arn:aws:s3:::b/a b/c"],
    ["s3.GetObject", { url: "/b/k?versionId=1" }, "s3:GetObjectVersion", "arn:aws:s3:::b/k"],
    ["s3.HeadObject", { url: "/b/k" }, "s3:GetObject", "arn:aws:s3:::b/k"],
    ["s3.DeleteObject", { url: "/b/k" }, "s3:DeleteObject", "arn:aws:s3:::b/k"],
    ["s3.AbortMultipartUpload", { url: "/b/k?uploadId=1" }, "s3:AbortMultipartUpload", "arn:aws:s3:::b/k"],
    ["s3.HeadBucket", { url: "/b" }, "s3:ListBucket", "arn:aws:s3:::b"],
    ["s3.ListBuckets", {}, "s3:ListAllMyBuckets", "*"],
    ["dynamodb.GetItem", { body: { TableName: "t" } }, "dynamodb:GetItem", table],
    ["dynamodb.UpdateItem", { body: { TableName: table } }, "dynamodb:UpdateItem", table],
    ["dynamodb.Query", { body: { TableName: "t", IndexName: "i" } }, "dynamodb:Query", `${table}/index/i`],
    ["dynamodb.BatchGetItem", { body: { RequestItems: { t: {} } } }, "dynamodb:BatchGetItem", table],
    ["sns.Publish", { body: { TopicArn: "arn:topic" } }, "sns:Publish", "arn:topic"],
    ["sns.Publish", { body: { PhoneNumber: "1" } }, "sns:Publish", "*"],
    [
      "secretsmanager.GetSecretValue",
      { body: { SecretId: "switchyard/openai" } },
      "secretsmanager:GetSecretValue",
      "arn:aws:secretsmanager:eu-central-1:000000000000:secret:switchyard/openai-AAAAAA",
    ],
  ])("is, for %s with %o, %s on %s", (call, given, action, resource) => {
    expect(asked(call, given)).toEqual([expect.objectContaining({ action, resource })]);
  });

  it("is all that a call touches: both objects of a copy, every table of a batch, every event's bus", () => {
    const copy = asked("s3.CopyObject", { url: "/to/k", headers: { "x-amz-copy-source": "/from/a%20b" } });
    const batch = asked("dynamodb.BatchWriteItem", { body: { RequestItems: { t: {}, u: {} } } });
    const Entries = ["x", "y"].map((Source) => ({ Source, DetailType: "Done", Detail: "{}" }));
    const events = asked("eventbridge.PutEvents", {
      body: { Entries: [...Entries, { ...Entries[0], EventBusName: "b" }] },
    });

    expect(copy).toMatchObject([
      { action: "s3:GetObject", resource: "arn:aws:s3:::from/a b" },
      { action: "s3:PutObject", resource: "arn:aws:s3:::to/k" },
    ]);
    expect(batch?.map(({ resource }) => resource)).toEqual([table, table.replace(/t$/, "u")]);
    expect(events?.map(({ resource, context }) => [resource.split("/")[1], context?.["events:source"]])).toEqual([
      ["default", "x"],
      ["default", "y"],
      ["b", "x"],
    ]);
    expect(events?.[0]?.context).toMatchObject({ "events:detail-type": "Done" });
  });

  it("says of a write which key it asks for, and of its parts that there are others", () => {
    const headers = { "x-amz-server-side-encryption-aws-kms-key-id": "arn:key", "x-amz-tagging": "a=b" };

    expect(asked("s3.PutObject", { url: "/b/k", headers })).toEqual([
      {
        action: "s3:PutObject",
        resource: "arn:aws:s3:::b/k",
        context: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "arn:key" },
      },
      { action: "s3:PutObjectTagging", resource: "arn:aws:s3:::b/k" },
    ]);
    for (const call of ["s3.CreateMultipartUpload", "s3.UploadPart", "s3.CompleteMultipartUpload"]) {
      expect(asked(call, { url: "/b/k" })).toMatchObject([{ action: "s3:PutObject", multipart: true }]);
    }
  });

  it("says what a listing is of, and asks for a listing before it tells that an object is not there", () => {
    expect(asked("s3.ListObjectsV2", { url: "/b?list-type=2&prefix=a%2F&max-keys=5" })).toEqual([
      { action: "s3:ListBucket", resource: "arn:aws:s3:::b", context: { "s3:prefix": "a/", "s3:max-keys": "5" } },
    ]);
    expect(toLearnOfAbsence({ url: "/b/a/k", headers: {}, body: undefined })).toEqual({
      action: "s3:ListBucket",
      resource: "arn:aws:s3:::b",
    });
  });

  it.each([
    ["of a model in its region, the model", "in-region", "arn:aws:bedrock:eu-central-1::foundation-model/eu.m"],
    ["of an inference profile, the profile", "eu", "arn:aws:bedrock:eu-central-1:000000000000:inference-profile/eu.m"],
  ])("is, %s", (_what, inferenceProfile, resource) => {
    const model = { model: "eu.m", region: "eu-central-1", inferenceProfile };

    expect(converseActions(model, place.accountId)).toEqual([{ action: "bedrock:InvokeModel", resource }]);
  });

  it.each([
    "sqs.PurgeQueue",
    "s3.RenameObject",
    "s3.DeleteObjects",
    "dynamodb.DeleteTable",
    "sns.CreateTopic",
    "kms.Decrypt",
  ])("is not known of %s", (call) => {
    expect(asked(call, { url: "/b/k", body: {} })).toBeUndefined();
  });
});

describe("secrets", () => {
  it("have ARNs that end in six characters which stay the same for a name and differ between names", () => {
    const arnOf = createSecretArns(place, Math.random);

    expect(arnOf("a/b")).toMatch(/:secret:a\/b-[A-Za-z0-9]{6}$/);
    expect(arnOf("a/b")).toBe(arnOf("a/b"));
    expect(arnOf(arnOf("a/b"))).toBe(arnOf("a/b"));
    expect(arnOf("c").slice(-6)).not.toBe(arnOf("a/b").slice(-6));
  });
});
