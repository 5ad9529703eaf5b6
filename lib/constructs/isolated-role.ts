import { Aws, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import type { DirectCalls } from "./bedrock-statements.ts";
import type { IsolatedNetwork } from "./isolated-network.ts";
import { acknowledge } from "./nag.ts";
import { allow } from "./statements.ts";
import { zoneAccess } from "./zone-access.ts";

const makeInterfaces = [
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:AssignPrivateIpAddresses",
  "ec2:UnassignPrivateIpAddresses",
];
const lookAtInterfaces = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];

/**
 * What the role of a function inside an isolated network needs and is denied besides its work.
 *
 * Lambda makes the function's network interfaces with the function's role; the function's own code may not. What only
 * code calls is denied unless it comes through the network's endpoints, so that credentials which get out are of no
 * use. Not denied: receiving and deleting messages, which Lambda does from outside, and the use of keys, which S3 and
 * SQS ask for. Source: Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC".
 * @param models what a lane calls at Bedrock; none for the fallback
 */
export function isolatedRole(scope: Construct, network: IsolatedNetwork, models: DirectCalls): PolicyStatement[] {
  const outside = { StringNotEquals: { "aws:SourceVpce": network.endpointIds } };
  const deny = (
    actions: string[],
    resources: string[],
    conditions: Record<string, Record<string, string | string[]>>,
  ): PolicyStatement => new PolicyStatement({ effect: Effect.DENY, actions, resources, conditions });
  const invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
  return [
    allow(makeInterfaces, [interfaces(scope)]),
    allow(lookAtInterfaces, ["*"]),
    // Set for every call that a function's code makes with its credentials.
    deny([...makeInterfaces, ...lookAtInterfaces], ["*"], { Null: { "lambda:SourceFunctionArn": "false" } }),
    deny(
      [
        "s3:GetObject",
        "s3:ListBucket",
        "s3:PutObject",
        "s3:AbortMultipartUpload",
        ...zoneAccess.items.map((action) => `dynamodb:${action}`),
        "sqs:SendMessage",
      ],
      ["*"],
      outside,
    ),
    ...(models.profiles.length === 0 ? [] : [deny(invoke, models.profiles, outside)]),
    // By way of a profile, Bedrock asks for the model in each region by itself.
    ...(models.inRegion.length === 0
      ? []
      : [deny(invoke, models.inRegion, { ...outside, Null: { "bedrock:InferenceProfileArn": "true" } })]),
  ];
}

/** Accepts the wildcards of these statements on the role. */
export function acknowledgeInterfaces(role: Construct): void {
  const reason =
    "Lambda makes the network interfaces of a function with its role, under ids that are not known before, and EC2 cannot " +
    "limit looking at them. The function's code is denied all of it.";
  acknowledge(role, "AwsSolutions-IAM5[Resource::*]", reason);
  acknowledge(
    role,
    `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:${Stack.of(role).region}:<AWS::AccountId>:*/*]`,
    reason,
  );
}

/** As Lambda asks for it: interfaces, subnets and security groups of this account and region. */
function interfaces(scope: Construct): string {
  return `arn:${Aws.PARTITION}:ec2:${Stack.of(scope).region}:${Aws.ACCOUNT_ID}:*/*`;
}
