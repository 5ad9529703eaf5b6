import * as z from "zod";
import { propertiesOf } from "../resources/properties.ts";
import type { ResolvedResource } from "../template/interpret.ts";
import { accountId } from "../template/resource-types.ts";
import { TemplateError } from "../template/template.ts";
import type { Account, AccountResource } from "./account.ts";
import type { IamPolicy } from "./iam-policy.ts";
import {
  arnOf,
  policyOf,
  readFunctionPolicy,
  readManagedPolicies,
  readResourcePolicies,
  readRoles,
} from "./read-policies.ts";

const Key = z.looseObject({ KeyPolicy: z.record(z.string(), z.unknown()).optional() });
const Alias = z.looseObject({ AliasName: z.string(), TargetKeyId: z.string() });
const Queue = z.looseObject({
  KmsMasterKeyId: z.string().optional(),
  RedrivePolicy: z.looseObject({ deadLetterTargetArn: z.string() }).optional(),
});
const Topic = z.looseObject({ KmsMasterKeyId: z.string().optional() });
const Encryption = z.strictObject({
  BucketKeyEnabled: z.boolean().default(false),
  ServerSideEncryptionByDefault: z.strictObject({
    SSEAlgorithm: z.enum(["AES256", "aws:kms"]),
    KMSMasterKeyID: z.string().optional(),
  }),
});
const Bucket = z.looseObject({
  BucketEncryption: z.strictObject({ ServerSideEncryptionConfiguration: z.tuple([Encryption]) }).optional(),
});
const Table = z.looseObject({
  // Under AWS's own key and without a policy: anything else would have to be judged too.
  SSESpecification: z.undefined().optional(),
  ResourcePolicy: z.undefined().optional(),
});

/**
 * Reads who may do what off a stack's resolved resources, those included that need nothing locally. Throws TemplateError
 * or PolicyError for what it cannot judge: a boundary, a key of another stack, an unknown condition.
 */
export function readAccount(resources: readonly ResolvedResource[], region: string): Account {
  const ofType = (...types: string[]): ResolvedResource[] => resources.filter(({ type }) => types.includes(type));
  const policies = readResourcePolicies(resources);
  const keyNames = namesOfKeys(ofType("AWS::KMS::Key"), ofType("AWS::KMS::Alias"));
  const keyArn = keyFinder(keyNames);
  const base = (resource: ResolvedResource, key?: string, policy?: IamPolicy): AccountResource => ({
    arn: arnOf(resource),
    logicalId: resource.logicalId,
    type: resource.type,
    keyArn: keyArn(key, resource.logicalId),
    policy: policy ?? policies.get(resource.reference),
  });
  for (const table of ofType("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")) propertiesOf(table, Table);

  return {
    id: accountId,
    region,
    roles: byArn(readRoles(resources)),
    managedPolicies: readManagedPolicies(resources),
    keys: byArn(
      ofType("AWS::KMS::Key").map((resource) => {
        const { KeyPolicy } = propertiesOf(resource, Key);
        return base(resource, undefined, policyOf(resource, KeyPolicy ?? defaultKeyPolicy, "resource"));
      }),
    ),
    keyAliases: new Map([...keyNames].filter(([name]) => name.startsWith("alias/"))),
    queues: byArn(
      ofType("AWS::SQS::Queue").map((resource) => {
        const { KmsMasterKeyId, RedrivePolicy } = propertiesOf(resource, Queue);
        return { ...base(resource, KmsMasterKeyId), deadLetterArn: RedrivePolicy?.deadLetterTargetArn };
      }),
    ),
    buckets: byArn(
      ofType("AWS::S3::Bucket").map((resource) => {
        const encryption = propertiesOf(resource, Bucket).BucketEncryption?.ServerSideEncryptionConfiguration[0];
        const key = encryption?.ServerSideEncryptionByDefault.KMSMasterKeyID;
        return { ...base(resource, key), bucketKey: encryption?.BucketKeyEnabled ?? false };
      }),
    ),
    topics: byArn(
      ofType("AWS::SNS::Topic").map((resource) => base(resource, propertiesOf(resource, Topic).KmsMasterKeyId)),
    ),
    functions: byArn(
      ofType("AWS::Lambda::Function").map((resource) =>
        base(resource, undefined, readFunctionPolicy(resource, resources)),
      ),
    ),
  };
}

/** What KMS gives a key that is made without a policy. */
const defaultKeyPolicy = {
  Statement: { Effect: "Allow", Principal: { AWS: accountId }, Action: "kms:*", Resource: "*" },
};

/** Keys' ARNs by all that a property may call them. */
function namesOfKeys(keys: readonly ResolvedResource[], aliases: readonly ResolvedResource[]): Map<string, string> {
  const arns = new Map(keys.flatMap((key) => [key.reference, arnOf(key)].map((name) => [name, arnOf(key)] as const)));
  for (const alias of aliases) {
    const { AliasName, TargetKeyId } = propertiesOf(alias, Alias);
    const arn = arns.get(TargetKeyId);
    if (arn !== undefined) arns.set(AliasName, arn);
  }
  return arns;
}

/** A key's ARN by what a property calls it; undefined where an AWS managed key serves, which needs no rights. */
function keyFinder(arns: ReadonlyMap<string, string>) {
  return (name: string | undefined, logicalId: string): string | undefined => {
    if (name === undefined || name.startsWith("alias/aws/")) return undefined;
    const arn = arns.get(name);
    if (arn !== undefined) return arn;
    throw new TemplateError(
      `${logicalId}: it is under the key ${name}, which is not of this stack, so who may use it is not known.`,
    );
  };
}

function byArn<Entry extends { arn: string }>(entries: readonly Entry[]): Map<string, Entry> {
  return new Map(entries.map((entry) => [entry.arn, entry]));
}
