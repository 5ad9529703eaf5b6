import { addUsage, noUsage, type Usage } from "./usage.ts";

export type CostLine = {
  service: string;
  what: string;
  quantity: number;
  /** Dollars for a million (of GB-seconds, requests, units or bytes). */
  usdPerMillion: number;
  usd: number;
};

/** us-east-1, 2026-11, on demand: the table in the design, "What a million jobs may cost in AWS services". */
const usdPerMillion = {
  sqsRequests: 0.4,
  dynamodbWriteUnits: 0.625,
  dynamodbReadUnits: 0.125,
  s3Puts: 5,
  s3Gets: 0.4,
  lambdaGbSeconds: 13.3334,
  lambdaRequests: 0.2,
  logBytes: 0.5e6 / 1024 ** 3,
  kmsRequests: 3,
  events: 1,
  snsRequests: 0.5,
  secretRequests: 5,
} as const;

/** S3 operations billed as PUT; other reads are billed as GET, and deletes are free. */
const s3Puts = [
  "PutObject",
  "CopyObject",
  "PostObject",
  "CreateMultipartUpload",
  "UploadPart",
  "UploadPartCopy",
  "CompleteMultipartUpload",
];
const s3Lists = ["ListObjects", "ListObjectsV2", "ListBuckets"];
const s3Gets = ["GetObject", "HeadObject", "HeadBucket", "GetObjectAttributes"];

/**
 * What the stack's own work would have cost on AWS, by line, in dollars: calls of functions and of the services that
 * act for the stack, Lambda time, logs. Not included: what clients call, receives that find nothing and process
 * starts, because these depend on time passed and on the number of processes, not on the number of jobs.
 */
export function awsCost(usage: Usage): { lines: CostLine[]; totalUsd: number } {
  const { calls, ...units } = stackUsage(usage);
  const count = (service: string, operations: string[]): number =>
    operations.reduce((sum, operation) => sum + (calls[`${service}.${operation}`] ?? 0), 0);

  const lines = [
    line("SQS", "requests of 64 KB", units.sqsRequests, usdPerMillion.sqsRequests),
    line("DynamoDB", "write units", units.dynamodbWriteUnits, usdPerMillion.dynamodbWriteUnits),
    line("DynamoDB", "read units", units.dynamodbReadUnits, usdPerMillion.dynamodbReadUnits),
    line("S3", "PUT and LIST requests", count("s3", [...s3Puts, ...s3Lists]), usdPerMillion.s3Puts),
    line("S3", "GET requests", count("s3", s3Gets), usdPerMillion.s3Gets),
    line("Lambda", "GB-seconds", usage.lambda.gbSeconds, usdPerMillion.lambdaGbSeconds),
    line("Lambda", "requests", usage.lambda.invocations, usdPerMillion.lambdaRequests),
    line("CloudWatch Logs", "bytes", usage.logBytes, usdPerMillion.logBytes),
    line("KMS", "requests (estimate)", usage.kmsRequests, usdPerMillion.kmsRequests),
    line("EventBridge", "events put, and object events", units.customEvents + usage.objectEvents, usdPerMillion.events),
    line("SNS", "requests", count("sns", ["Publish", "PublishBatch"]), usdPerMillion.snsRequests),
    line("Secrets Manager", "requests", count("secretsmanager", ["GetSecretValue"]), usdPerMillion.secretRequests),
  ];
  return { lines, totalUsd: lines.reduce((sum, { usd }) => sum + usd, 0) };
}

/** Dollars for a million jobs like the `jobs` that this usage served; undefined without jobs. */
export function awsCostUsdPerMillionJobs(usage: Usage, jobs: number): number | undefined {
  return jobs > 0 ? (awsCost(usage).totalUsd / jobs) * 1e6 : undefined;
}

function stackUsage(usage: Usage) {
  const total = noUsage();
  addUsage(total, usage.functions);
  addUsage(total, usage.services);
  // Polling that finds nothing is billed too, but by the hour, not by the job.
  return { ...total, sqsRequests: total.sqsRequests - usage.emptyReceives };
}

function line(service: string, what: string, quantity: number, usdPerMillion: number): CostLine {
  return { service, what, quantity, usdPerMillion, usd: (quantity * usdPerMillion) / 1e6 };
}
