import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byFunction } from "../../lib/bundle/function-name.ts";
import { addStacks, createUncheckedApp } from "../../lib/constructs/app.ts";
import { type Engine, startEngine } from "../../lib/local/engine.ts";
import { documentWith } from "../constructs/fixture.ts";
import { eventually } from "./fixture-assembly.ts";

let directory: string;
let engine: Engine;

// The stack as it deploys, its functions replaced by some that do nothing.
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "switchyard-stack-"));
  const directories = byFunction((name) => join(directory, name));
  for (const each of Object.values(directories)) {
    mkdirSync(each);
    writeFileSync(join(each, "index.mjs"), "export const handler = async () => ({ batchItemFailures: [] });");
  }
  const app = createUncheckedApp(join(directory, "cdk.out"));
  addStacks(app, {
    policy: documentWith({}).policy,
    bundles: { directories, bytes: byFunction(() => 0) },
    retain: true,
  });
  app.synth();
  engine = await startEngine({
    assemblyDirectory: join(directory, "cdk.out"),
    stackName: "Switchyard-eu-central-1",
    stateDirectory: join(directory, "state"),
    providerEndpoints: {},
  });
});

afterAll(async () => {
  await engine?.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe("Switchyard's own stack", () => {
  it("runs here, with every output", () => {
    expect(Object.keys(engine.outputs).toSorted()).toEqual([
      "AuditorPolicyArn",
      "CancellerPolicyArn",
      "CollectQueueUrl",
      "DashboardName",
      "GeneralBucket",
      "IntakeBucket",
      "JobReaderPolicyArn",
      "JobsQueueUrl",
      "OperatorPolicyArn",
      "PolicyBucket",
      "ProducerPolicyArn",
      "PublisherPolicyArn",
      "ReaderPolicyArn",
      "RestrictedBucket",
      "SweepFunctionName",
      "TableName",
      "TopicArn",
    ]);
    expect(engine.outputs.JobsQueueUrl).toBe(`${engine.endpoint}/000000000000/switchyard-jobs`);
  });

  it("hands an uploaded batch to plan, and nothing else that is written to the bucket", async () => {
    const s3 = new S3Client({
      region: engine.region,
      endpoint: engine.endpoint,
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    });
    const invocations = () => engine.functions().filter((each) => each.invocations > 0);

    await s3.send(
      new PutObjectCommand({ Bucket: engine.outputs.IntakeBucket, Key: "results/b/output.jsonl", Body: "{}" }),
    );
    await s3.send(new PutObjectCommand({ Bucket: engine.outputs.IntakeBucket, Key: "uploads/b.jsonl", Body: "{}" }));
    await eventually(() => invocations().length > 0 && engine.idle());
    s3.destroy();

    expect(invocations()).toEqual([expect.objectContaining({ name: expect.stringContaining("Plan"), invocations: 1 })]);
  });
});
