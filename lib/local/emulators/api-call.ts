/** What names an API call in an HTTP request to one of the services. */
export type ServiceRequest = {
  method: string;
  /** Path and query. */
  url: string;
  /** The `x-amz-target` header of the JSON protocols. */
  target: string | undefined;
  /** The `Action` of the query protocol. */
  action: string | undefined;
  copies: boolean;
};

const targets: Record<string, string> = {
  AmazonSQS: "sqs",
  AWSEvents: "eventbridge",
  secretsmanager: "secretsmanager",
  Comprehend_20171127: "comprehend",
  DynamoDB_20120810: "dynamodb",
};

/** `service.Operation` of a request, such as `s3.PutObject`; undefined when it is no API call (a health check). */
export function apiCallOf(request: ServiceRequest): string | undefined {
  if (request.target !== undefined) {
    const [prefix = "", operation = ""] = request.target.split(".");
    return `${targets[prefix] ?? prefix.toLowerCase()}.${operation}`;
  }
  if (request.action !== undefined) {
    return request.action === "GetCallerIdentity" ? "sts.GetCallerIdentity" : `sns.${request.action}`;
  }
  const operation = s3Operation(request);
  return operation === undefined ? undefined : `s3.${operation}`;
}

/** Bucket and key of a request in path style, exactly as the emulator reads them: dots in a path are part of the key. */
export function s3PathOf(url: string): { bucket: string; key: string } {
  const [path = ""] = url.split("?", 1);
  const [bucket = "", ...rest] = path.slice(1).split("/");
  return { bucket: decoded(bucket), key: decoded(rest.join("/")) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function s3Operation({ method, url, copies }: ServiceRequest): string | undefined {
  const { bucket, key } = s3PathOf(url);
  const query = new URL(url, "http://localhost").searchParams;
  if (bucket === "") return method === "GET" ? "ListBuckets" : undefined;
  if (bucket === "health" || bucket === "_fauxqs") return undefined;
  if (key === "") return bucketOperation(method, query);
  switch (method) {
    case "PUT":
      if (query.has("renameObject")) return "RenameObject";
      if (query.has("partNumber")) return copies ? "UploadPartCopy" : "UploadPart";
      return copies ? "CopyObject" : "PutObject";
    case "GET":
      return query.has("attributes") ? "GetObjectAttributes" : "GetObject";
    case "HEAD":
      return "HeadObject";
    case "DELETE":
      return query.get("uploadId") ? "AbortMultipartUpload" : "DeleteObject";
    case "POST":
      return query.has("uploads") ? "CreateMultipartUpload" : "CompleteMultipartUpload";
    default:
      return undefined;
  }
}

function bucketOperation(method: string, query: URLSearchParams): string | undefined {
  switch (method) {
    case "PUT":
      return query.has("lifecycle") ? "PutBucketLifecycleConfiguration" : "CreateBucket";
    case "GET":
      if (query.has("lifecycle")) return "GetBucketLifecycleConfiguration";
      return query.get("list-type") === "2" ? "ListObjectsV2" : "ListObjects";
    case "HEAD":
      return "HeadBucket";
    case "DELETE":
      return "DeleteBucket";
    case "POST":
      return query.has("delete") ? "DeleteObjects" : "PostObject";
    default:
      return undefined;
  }
}
