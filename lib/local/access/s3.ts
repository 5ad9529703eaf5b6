import { s3PathOf } from "../emulators/api-call.ts";
import type { Call } from "../iam/requirements.ts";
import type { ActionsOf, ApiRequest } from "./api-request.ts";

/** Source: Amazon S3 User Guide, "Required permissions for Amazon S3 API operations". */
export const s3Actions: ActionsOf = (operation, request) => {
  const { bucket, key } = s3PathOf(request.url);
  const query = new URL(request.url, "http://localhost").searchParams;
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const get = { action: query.has("versionId") ? "s3:GetObjectVersion" : "s3:GetObject", resource };
  switch (operation) {
    case "GetObject":
    case "HeadObject":
      return [get];
    case "GetObjectAttributes":
      return [get, { action: "s3:GetObjectAttributes", resource }];
    case "PutObject":
      return put(resource, request);
    case "CopyObject":
      return [source(request), ...put(resource, request)];
    case "CreateMultipartUpload":
      return put(resource, request, { multipart: true });
    case "UploadPart":
    case "CompleteMultipartUpload":
      return [{ action: "s3:PutObject", resource, multipart: true }];
    case "UploadPartCopy":
      return [source(request), { action: "s3:PutObject", resource, multipart: true }];
    case "DeleteObject":
      return [{ action: query.has("versionId") ? "s3:DeleteObjectVersion" : "s3:DeleteObject", resource }];
    case "AbortMultipartUpload":
      return [{ action: "s3:AbortMultipartUpload", resource }];
    case "ListObjects":
    case "ListObjectsV2":
      return [{ action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}`, context: listing(query) }];
    case "HeadBucket":
      return [{ action: "s3:ListBucket", resource: `arn:aws:s3:::${bucket}` }];
    case "ListBuckets":
      return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
    default:
      return undefined;
  }
};

/**
 * What S3 asks for before it says that an object does not exist: who may not list is told "forbidden" instead.
 * Source: Amazon S3 API reference, GetObject and HeadObject, "Permissions".
 */
export function toLearnOfAbsence({ url }: ApiRequest): Call {
  return { action: "s3:ListBucket", resource: `arn:aws:s3:::${s3PathOf(url).bucket}` };
}

const contextHeaders = ["x-amz-acl", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"];

function put(resource: string, { headers }: ApiRequest, how: { multipart?: boolean } = {}): Call[] {
  const context: Record<string, string> = {};
  for (const name of contextHeaders) {
    const value = headers[name];
    if (typeof value === "string") context[`s3:${name}`] = value;
  }
  return [
    { action: "s3:PutObject", resource, context, ...how },
    ...(headers["x-amz-tagging"] === undefined ? [] : [{ action: "s3:PutObjectTagging", resource }]),
    ...(headers["x-amz-acl"] === undefined ? [] : [{ action: "s3:PutObjectAcl", resource }]),
  ];
}

/** The emulator keeps no versions: one that is asked for is part of the key to it, and of the ARN here. */
function source({ headers }: ApiRequest): Call {
  const path = decodeURIComponent(String(headers["x-amz-copy-source"] ?? "")).replace(/^\//, "");
  return { action: "s3:GetObject", resource: `arn:aws:s3:::${path}` };
}

function listing(query: URLSearchParams): Record<string, string> {
  const context: Record<string, string> = {};
  for (const name of ["prefix", "delimiter", "max-keys"]) {
    const value = query.get(name);
    if (value !== null) context[`s3:${name}`] = value;
  }
  return context;
}
