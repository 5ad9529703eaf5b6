import { beforeAll, describe, expect, it } from "vitest";
import { type Synthesized, stack, synthesizeStacks } from "./synthesized.ts";
import { policyStatements } from "./wiring.ts";

describe("announcement of uploads", () => {
  const rule = "arn:<AWS::Partition>:events:us-east-1:<AWS::AccountId>:rule/switchyard-uploads";
  let virginia: Synthesized;
  const resource = (id: RegExp) => virginia.resources.find((each) => id.test(each.id))?.properties;

  beforeAll(() => {
    virginia = stack(synthesizeStacks({ regions: ["us-east-1"] }), "Switchyard-us-east-1");
  });

  it("comes from the intake bucket alone, through EventBridge and without a custom resource", () => {
    const announcing = virginia.resources.filter(
      ({ properties }) => properties.NotificationConfiguration !== undefined,
    );

    expect(announcing.map(({ id }) => id)).toEqual([expect.stringMatching(/^StorageIntake/)]);
    expect(announcing[0]?.properties.NotificationConfiguration).toEqual({
      EventBridgeConfiguration: { EventBridgeEnabled: true },
    });
  });

  it("sends each object under uploads/ that ends in .jsonl to the uploads queue", () => {
    expect(resource(/^UploadEventsRule/)).toMatchObject({
      Name: "switchyard-uploads",
      EventPattern: {
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: {
          bucket: { name: [expect.stringMatching(/^<StorageIntake/)] },
          object: { key: [{ wildcard: "uploads/*.jsonl" }] },
        },
      },
      Targets: [{ Arn: expect.stringMatching(/^<QueuesUploads[0-9A-F]+\.Arn>$/) }],
    });
  });

  it("lets EventBridge use the intake key for that one rule, and send to that one queue", () => {
    const key = policyStatements(virginia, "AWS::KMS::Key", /^KeysIntake/);
    const queue = policyStatements(virginia, "AWS::SQS::QueuePolicy", /^QueuesUploadsPolicy/);

    expect(key.find(({ Principal }) => JSON.stringify(Principal).includes("events."))).toMatchObject({
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Condition: {
        StringEquals: { "aws:SourceAccount": "<AWS::AccountId>" },
        ArnEquals: { "aws:SourceArn": rule },
      },
    });
    expect(queue.find(({ Sid }) => Sid === "UploadEvents")).toMatchObject({
      Action: ["sqs:SendMessage"],
      Condition: { ArnEquals: { "aws:SourceArn": expect.stringMatching(/^<UploadEventsRule[0-9A-F]+\.Arn>$/) } },
    });
  });
});
