import { Rule } from "aws-cdk-lib/aws-events";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { uploadsRuleName } from "./fixed-names.ts";

export type UploadEventsProps = { intake: Bucket; uploads: Queue };

/** Announces each object under `uploads/` that ends in `.jsonl` to plan. */
export class UploadEvents extends Construct {
  constructor(scope: Construct, id: string, { intake, uploads }: UploadEventsProps) {
    super(scope, id);
    const rule = new Rule(this, "Rule", {
      ruleName: uploadsRuleName,
      description: "Switchyard: a batch was uploaded",
      eventPattern: {
        source: ["aws.s3"],
        detailType: ["Object Created"],
        detail: { bucket: { name: [intake.bucketName] }, object: { key: [{ wildcard: "uploads/*.jsonl" }] } },
      },
      // Only the address: the construct's own target would open the key to every rule of the account.
      targets: [{ bind: () => ({ arn: uploads.queueArn }) }],
    });
    uploads.addToResourcePolicy(
      new PolicyStatement({
        sid: "UploadEvents",
        principals: [new ServicePrincipal("events.amazonaws.com")],
        actions: ["sqs:SendMessage"],
        resources: [uploads.queueArn],
        conditions: { ArnEquals: { "aws:SourceArn": rule.ruleArn } },
      }),
    );
  }
}
