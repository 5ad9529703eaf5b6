import { createHash } from "node:crypto";

export const accountId = "000000000000";

/** Where a resource is and what it is called, from which its id and attributes follow. */
export type Place = {
  region: string;
  /** Base URL of the emulated services; queue URLs are under it. */
  endpoint: string;
  stackName: string;
  logicalId: string;
  name: string;
  /** Before the name in an ARN of IAM; `/` for all else. */
  path: string;
};

export type ResourceType = {
  /** `created`: exists on this machine. `nothing`: needs nothing here, only its id and attributes. */
  local: "created" | "nothing";
  /** The property that names the resource; without it, or without the property, a name is generated. */
  nameProperty?: string;
  /** The property that holds the path of its ARN. */
  pathProperty?: string;
  /** What `Ref` gives. */
  reference: (place: Place) => string;
  /** What `Fn::GetAtt` gives. */
  attributes: Record<string, (place: Place) => string>;
};

const name = (place: Place): string => place.name;
const arn = (service: string, resource: (place: Place) => string) => (place: Place) =>
  `arn:aws:${service}:${place.region}:${accountId}:${resource(place)}`;
const globalArn = (service: string, resource: (place: Place) => string) => (place: Place) =>
  `arn:aws:${service}::${accountId}:${resource(place)}`;
const queueUrl = (place: Place): string => `${place.endpoint}/${accountId}/${place.name}`;
const keyId = (place: Place): string => digest(place).slice(0, 32);

const tableType: ResourceType = {
  local: "created",
  nameProperty: "TableName",
  reference: name,
  attributes: { Arn: arn("dynamodb", (place) => `table/${place.name}`) },
};

const nothing = (
  nameProperty?: string,
  reference: ResourceType["reference"] = name,
  attributes: ResourceType["attributes"] = {},
): ResourceType => ({
  local: "nothing",
  ...(nameProperty === undefined ? {} : { nameProperty }),
  reference,
  attributes,
});

const roleArn = globalArn("iam", (place) => `role${place.path}${place.name}`);
const managedPolicyArn = globalArn("iam", (place) => `policy${place.path}${place.name}`);

/** Every resource type that the local engine accepts. A type that is not here is an error. */
export const resourceTypes: Record<string, ResourceType> = {
  "AWS::SQS::Queue": {
    local: "created",
    nameProperty: "QueueName",
    reference: queueUrl,
    attributes: { Arn: arn("sqs", name), QueueName: name, QueueUrl: queueUrl },
  },
  "AWS::DynamoDB::Table": tableType,
  "AWS::DynamoDB::GlobalTable": tableType,
  "AWS::S3::Bucket": {
    local: "created",
    nameProperty: "BucketName",
    reference: name,
    attributes: {
      Arn: (place) => `arn:aws:s3:::${place.name}`,
      DomainName: (place) => `${place.name}.s3.amazonaws.com`,
      RegionalDomainName: (place) => `${place.name}.s3.${place.region}.amazonaws.com`,
    },
  },
  "AWS::SNS::Topic": {
    local: "created",
    nameProperty: "TopicName",
    reference: arn("sns", name),
    attributes: { TopicArn: arn("sns", name), TopicName: name },
  },
  "AWS::Lambda::Function": {
    local: "created",
    nameProperty: "FunctionName",
    reference: name,
    attributes: { Arn: arn("lambda", (place) => `function:${place.name}`) },
  },
  "AWS::Lambda::EventSourceMapping": { local: "created", reference: name, attributes: { Id: name } },
  "AWS::Lambda::EventInvokeConfig": { local: "created", reference: name, attributes: {} },
  "AWS::Events::Rule": {
    local: "created",
    nameProperty: "Name",
    reference: name,
    attributes: { Arn: arn("events", (place) => `rule/${place.name}`) },
  },

  "AWS::CDK::Metadata": nothing(),
  "AWS::CloudWatch::Alarm": nothing("AlarmName", name, { Arn: arn("cloudwatch", (place) => `alarm:${place.name}`) }),
  "AWS::CloudWatch::CompositeAlarm": nothing("AlarmName", name, {
    Arn: arn("cloudwatch", (place) => `alarm:${place.name}`),
  }),
  "AWS::CloudWatch::Dashboard": nothing("DashboardName"),
  "AWS::EC2::FlowLog": nothing(undefined, name, { Id: name }),
  "AWS::EC2::RouteTable": nothing(undefined, name, { RouteTableId: name }),
  "AWS::EC2::SecurityGroup": nothing("GroupName", name, { GroupId: name, VpcId: name }),
  "AWS::EC2::SecurityGroupEgress": nothing(undefined, name, { Id: name }),
  "AWS::EC2::Subnet": nothing(undefined, name, { SubnetId: name }),
  "AWS::EC2::SubnetRouteTableAssociation": nothing(undefined, name, { Id: name }),
  "AWS::EC2::VPC": nothing(undefined, name, { VpcId: name }),
  "AWS::EC2::VPCEndpoint": nothing(undefined, name, { Id: name }),
  "AWS::Glue::Database": nothing(),
  "AWS::Glue::Table": nothing(),
  "AWS::IAM::ManagedPolicy": {
    ...nothing("ManagedPolicyName", managedPolicyArn, { PolicyArn: managedPolicyArn }),
    pathProperty: "Path",
  },
  "AWS::IAM::Policy": nothing("PolicyName"),
  "AWS::IAM::Role": { ...nothing("RoleName", name, { Arn: roleArn, RoleId: keyId }), pathProperty: "Path" },
  "AWS::KMS::Alias": nothing("AliasName"),
  "AWS::KMS::Key": nothing(undefined, keyId, { Arn: arn("kms", (place) => `key/${keyId(place)}`), KeyId: keyId }),
  "AWS::Lambda::Permission": nothing(),
  "AWS::Logs::LogGroup": nothing("LogGroupName", name, { Arn: arn("logs", (place) => `log-group:${place.name}:*`) }),
  "AWS::Logs::MetricFilter": nothing("FilterName"),
  "AWS::S3::BucketPolicy": nothing(),
  "AWS::SNS::TopicPolicy": nothing(),
  "AWS::SQS::QueuePolicy": nothing(),
};

/**
 * The name that CloudFormation would have made up: the same on every start, so that kept data is found again.
 * At most 63 characters; lower case for buckets.
 */
export function generatedName(type: string, place: Omit<Place, "name" | "path">): string {
  const suffix = digest(place).slice(0, 8);
  const full = `${place.stackName}-${place.logicalId}`.slice(0, 54);
  return type === "AWS::S3::Bucket" ? `${full}-${suffix}`.toLowerCase() : `${full}-${suffix}`;
}

function digest(place: Omit<Place, "name" | "path">): string {
  return createHash("sha256").update(`${place.region}/${place.stackName}/${place.logicalId}`).digest("hex");
}
