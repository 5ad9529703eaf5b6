import { Aws, Stack } from "aws-cdk-lib";
import { CfnFlowLog } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";

const prefix = "network";

/**
 * Every connection of a network, accepted or refused, in a bucket under `network/`: addresses, ports and bytes, never
 * what was said. Source: VPC User Guide, "Amazon S3 bucket permissions for flow logs".
 */
export function keepFlowLogs(scope: Construct, id: string, { vpcId, bucket }: { vpcId: string; bucket: Bucket }): void {
  const delivery = {
    principals: [new ServicePrincipal("delivery.logs.amazonaws.com")],
    conditions: {
      StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID },
      ArnLike: { "aws:SourceArn": Stack.of(scope).formatArn({ service: "logs", resource: "*" }) },
    },
  };
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: "FlowLogs",
      actions: ["s3:PutObject"],
      resources: [bucket.arnForObjects(`${prefix}/AWSLogs/${Aws.ACCOUNT_ID}/*`)],
      ...delivery,
    }),
  );
  bucket.addToResourcePolicy(
    new PolicyStatement({
      sid: "FlowLogsCheck",
      actions: ["s3:GetBucketAcl", "s3:ListBucket"],
      resources: [bucket.bucketArn],
      ...delivery,
    }),
  );
  const flowLog = new CfnFlowLog(scope, id, {
    resourceId: vpcId,
    resourceType: "VPC",
    trafficType: "ALL",
    logDestinationType: "s3",
    logDestination: `${bucket.bucketArn}/${prefix}/`,
  });
  // Without the permissions, EC2 would write a policy of its own.
  if (bucket.policy !== undefined) flowLog.node.addDependency(bucket.policy);
}
