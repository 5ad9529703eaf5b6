import { describe, expect, it } from "vitest";
import { awsCost, awsCostUsdPerMillionJobs } from "../../lib/local/aws-cost.ts";
import { noUsage, type Usage } from "../../lib/local/usage.ts";

const nothing: Usage = {
  functions: noUsage(),
  services: noUsage(),
  clients: noUsage(),
  emptyReceives: 0,
  objectEvents: 0,
  lambda: { invocations: 0, gbSeconds: 0, initGbSeconds: 0 },
  logBytes: 0,
  kmsRequests: 0,
  seconds: 1,
};

describe("awsCost", () => {
  it.each([
    ["SQS requests", { functions: { ...noUsage(), sqsRequests: 1e6 } }, 0.4],
    ["write units", { functions: { ...noUsage(), dynamodbWriteUnits: 1e6 } }, 0.625],
    ["read units", { services: { ...noUsage(), dynamodbReadUnits: 1e6 } }, 0.125],
    ["S3 puts", { functions: { ...noUsage(), calls: { "s3.PutObject": 5e5, "s3.UploadPart": 5e5 } } }, 5],
    ["S3 gets", { functions: { ...noUsage(), calls: { "s3.GetObject": 1e6 } } }, 0.4],
    ["S3 deletes", { functions: { ...noUsage(), calls: { "s3.DeleteObjects": 1e6 } } }, 0],
    ["GB-seconds", { lambda: { invocations: 0, gbSeconds: 1e6, initGbSeconds: 1e6 } }, 13.3334],
    ["invocations", { lambda: { invocations: 1e6, gbSeconds: 0, initGbSeconds: 0 } }, 0.2],
    ["a GiB of logs", { logBytes: 1024 ** 3 }, 0.5],
    ["KMS requests", { kmsRequests: 1e6 }, 3],
    ["events of either kind", { objectEvents: 5e5, functions: { ...noUsage(), customEvents: 5e5 } }, 1],
  ])("prices a million of %s", (_what, usage, usd) => {
    expect(awsCost({ ...nothing, ...usage }).totalUsd).toBeCloseTo(usd, 6);
  });

  it("leaves out what clients call, and receives that found nothing", () => {
    const clients = { ...noUsage(), sqsRequests: 1e6, calls: { "s3.PutObject": 1e6 } };
    const services = { ...noUsage(), sqsRequests: 3e6 };

    expect(awsCost({ ...nothing, clients, services, emptyReceives: 3e6 }).totalUsd).toBe(0);
  });

  it("scales to a million jobs, and says nothing without jobs", () => {
    const usage = { ...nothing, functions: { ...noUsage(), sqsRequests: 1000 } };

    expect(awsCostUsdPerMillionJobs(usage, 1000)).toBeCloseTo(0.4, 9);
    expect(awsCostUsdPerMillionJobs(usage, 0)).toBeUndefined();
  });
});
