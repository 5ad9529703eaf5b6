import { describe, expect, it } from "vitest";
import { apiCallOf } from "../../../lib/local/emulators/api-call.ts";

const request = { method: "POST", url: "/", target: undefined, action: undefined, copies: false };

describe("apiCallOf", () => {
  it.each([
    ["sqs.SendMessageBatch", { target: "AmazonSQS.SendMessageBatch" }],
    ["dynamodb.UpdateItem", { target: "DynamoDB_20120810.UpdateItem" }],
    ["eventbridge.PutEvents", { target: "AWSEvents.PutEvents" }],
    ["secretsmanager.GetSecretValue", { target: "secretsmanager.GetSecretValue" }],
    ["sns.Publish", { action: "Publish" }],
    ["s3.PutObject", { method: "PUT", url: "/b/uploads/a%20b.jsonl?x-id=PutObject" }],
    ["s3.CopyObject", { method: "PUT", url: "/b/k", copies: true }],
    ["s3.CreateMultipartUpload", { url: "/b/k?uploads=" }],
    ["s3.UploadPart", { method: "PUT", url: "/b/k?partNumber=1&uploadId=u" }],
    ["s3.CompleteMultipartUpload", { url: "/b/k?uploadId=u" }],
    ["s3.AbortMultipartUpload", { method: "DELETE", url: "/b/k?uploadId=u" }],
    ["s3.GetObject", { method: "GET", url: "/b/k" }],
    ["s3.HeadObject", { method: "HEAD", url: "/b/k" }],
    ["s3.ListObjectsV2", { method: "GET", url: "/b?list-type=2&prefix=p" }],
    ["s3.DeleteObjects", { url: "/b/?delete=" }],
    ["lambda.Invoke", { url: "/2015-03-31/functions/arn%3Aaws%3Alambda%3Ar%3A0%3Afunction%3Asweep/invocations" }],
    ["s3.GetObject", { method: "GET", url: "/2015-03-31/functions/sweep/invocations" }],
    [undefined, { method: "GET", url: "/health" }],
  ])("names %s", (expected, part) => {
    expect(apiCallOf({ ...request, ...part })).toBe(expected);
  });
});
