import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsSolutionsChecks } from "cdk-nag";
import { beforeAll, describe, expect, it } from "vitest";
import { addStacks, createUncheckedApp } from "../../lib/constructs/app.ts";
import { networks } from "../../lib/core/configuration/document.ts";
import { deployment, documentWith } from "./fixture.ts";
import { placeholderBundles, type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";

describe("SwitchyardStack", () => {
  let stacks: Map<string, Synthesized>;
  let virginia: Synthesized;

  beforeAll(() => {
    stacks = synthesizeStacks();
    virginia = stack(stacks, "Switchyard-us-east-1");
  });

  it("is one stack for each region of the configuration", () => {
    expect([...stacks.keys()].sort()).toEqual(["Switchyard-eu-central-1", "Switchyard-us-east-1"]);
  });

  it("has exactly the outputs that the CLI reads", () => {
    const names = [
      "AuditorPolicyArn",
      "CancellerPolicyArn",
      "SweepFunctionName",
      "JobReaderPolicyArn",
      "JobsQueueUrl",
      "OperatorPolicyArn",
      "CollectQueueUrl",
      "IntakeBucket",
      "GeneralBucket",
      "RestrictedBucket",
      "PolicyBucket",
      "PublisherPolicyArn",
      "TableName",
      "TopicArn",
      "ProducerPolicyArn",
      "ReaderPolicyArn",
      "DashboardName",
    ];

    for (const { outputs } of stacks.values()) expect(Object.keys(outputs).sort()).toEqual(names.sort());
  });

  it("has no custom resource and no function besides its own", () => {
    const types = new Set(virginia.resources.map(({ type }) => type));

    expect([...types].filter((type) => type.startsWith("Custom::") || type.includes("CustomResource"))).toEqual([]);
    // Two general lanes of Bedrock and one of OpenAI, two restricted lanes, a fallback for each zone.
    expect(virginia.resources.filter(({ type }) => type === "AWS::Lambda::Function")).toHaveLength(4 + 5 + 2);
  });

  it("leaves data and keys behind when it is destroyed, unless told otherwise", () => {
    const kept = ["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::DynamoDB::Table", "AWS::KMS::Key"];
    const thrownAway = stack(synthesizeStacks({ regions: ["us-east-1"] }, false), "Switchyard-us-east-1");

    const policiesOf = ({ resources }: Synthesized) =>
      new Set(resources.filter(({ type }) => kept.includes(type)).map(({ deletionPolicy }) => deletionPolicy));
    expect([...policiesOf(virginia)]).toEqual(["Retain"]);
    expect([...policiesOf(thrownAway)]).toEqual(["Delete"]);
  });

  it.each(networks)("says each wildcard and each missing log to cdk-nag, with a reason, its network %s", (network) => {
    const directory = mkdtempSync(join(tmpdir(), "nag-"));
    const app = createUncheckedApp(join(directory, "assembly"));
    addStacks(app, { policy: documentWith({ network }).policy, bundles: placeholderBundles(directory), retain: true });

    const report = new AwsSolutionsChecks().validateScope(app);

    expect(report.violations).toEqual([]);
    rmSync(directory, { recursive: true });
  });

  it.each(networks)(
    "stays far below CloudFormation's limits with twenty lanes of two queues, its network %s",
    (network) => {
      const regions = [
        "us-east-1",
        "us-east-2",
        "us-west-2",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "eu-north-1",
        "ap-south-1",
        "sa-east-1",
      ];
      const more = { network, highPriorityQueues: true as const, cache: { ttlSeconds: 60, classes: ["internal"] } };
      const large = stack(synthesizeStacks({ ...policyInRegions(regions), ...more }), "Switchyard-us-east-1");

      expect(large.resources.length).toBeLessThan(500);
      expect(large.bytes).toBeLessThan(1_000_000);
      // IAM counts the characters of a role's inline policies, without white space: at most 10,240.
      const queues = new Map(large.resources.map(({ id, properties }) => [id, properties.QueueName]));
      const arnOf = (id: string) =>
        typeof queues.get(id) === "string" ? `arn:aws:sqs:us-east-1:123456789012:${queues.get(id)}` : "x".repeat(95);
      for (const { properties } of large.resources.filter(({ type }) => type === "AWS::IAM::Role")) {
        const deployed = JSON.stringify(properties.Policies).replaceAll(/<([A-Za-z0-9]+)\.Arn>/g, (_, id) => arnOf(id));
        expect(deployed.length).toBeLessThan(10_240);
      }
    },
  );

  it("refuses more lanes than a function's environment can name, and says what to do", () => {
    const regions = Array.from({ length: 20 }, (_, index) => `region-number-${index}`);

    expect(() => synthesizeStacks(policyInRegions(regions))).toThrow(/40 lanes.*use fewer/);
  });

  it("refuses more lanes of two queues than a role can name, and says what to do", () => {
    const regions = Array.from({ length: 11 }, (_, index) => `region-number-${index}`);

    expect(() => synthesizeStacks(policyInRegions(regions))).not.toThrow();
    expect(() => synthesizeStacks({ ...policyInRegions(regions), highPriorityQueues: true })).toThrow(
      /22 lanes with two queues.*Leave highPriorityQueues out/,
    );
  });
});

/** One deployment in each of the regions, in both zones. */
function policyInRegions(regions: string[]) {
  const names = regions.map((region) => `nova-${region}`);
  const chain = names.map((use) => ({ use }));
  return {
    regions: ["us-east-1"],
    deployments: Object.fromEntries(
      names.map((name, index) => {
        const region = regions[index] ?? "";
        return [name, deployment({ name, provider: "bedrock", model: "amazon.nova-lite-v1:0", region })];
      }),
    ),
    tiers: { lightweight: chain, standard: chain, capable: chain },
  };
}
