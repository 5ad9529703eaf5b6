import * as z from "zod";
import { ignored, propertiesOf } from "../resources/properties.ts";
import type { ResolvedResource } from "../template/interpret.ts";
import { TemplateError } from "../template/template.ts";
import type { AccountRole } from "./account.ts";
import { compilePolicy, type IamPolicy, type PolicyKind } from "./iam-policy.ts";

const Document = z.record(z.string(), z.unknown());
const Role = z.strictObject({
  AssumeRolePolicyDocument: Document,
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: Document })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  // No PermissionsBoundary: what it takes away would have to be judged too.
  Description: ignored,
  MaxSessionDuration: ignored,
  Path: ignored,
  RoleName: ignored,
  Tags: ignored,
});
const IdentityPolicy = z.strictObject({
  PolicyDocument: Document,
  Roles: z.array(z.string()).default([]),
  Description: ignored,
  ManagedPolicyName: ignored,
  Path: ignored,
  PolicyName: ignored,
});
const ResourcePolicy = z
  .strictObject({
    PolicyDocument: Document,
    Queues: z.array(z.string()).default([]),
    Topics: z.array(z.string()).default([]),
    Bucket: z.string().optional(),
  })
  .transform(({ PolicyDocument, Queues, Topics, Bucket }) => ({
    document: PolicyDocument,
    targets: [...Queues, ...Topics, ...(Bucket === undefined ? [] : [Bucket])],
  }));
const Permission = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

/** The policies that a stack makes for others to attach, by ARN. */
export function readManagedPolicies(resources: readonly ResolvedResource[]): Map<string, IamPolicy> {
  return new Map(
    resources
      .filter(({ type }) => type === "AWS::IAM::ManagedPolicy")
      .map((resource) => [arnOf(resource), identityPolicy(resource).policy]),
  );
}

/** Each role with all that is written into it or attached to it. */
export function readRoles(resources: readonly ResolvedResource[]): AccountRole[] {
  const managed = readManagedPolicies(resources);
  const attachable = resources
    .filter(({ type }) => type === "AWS::IAM::Policy" || type === "AWS::IAM::ManagedPolicy")
    .map(identityPolicy);

  return resources
    .filter(({ type }) => type === "AWS::IAM::Role")
    .map((resource) => {
      const { logicalId } = resource;
      const { AssumeRolePolicyDocument, Policies, ManagedPolicyArns } = propertiesOf(resource, Role);
      const listed = ManagedPolicyArns.map((arn) => {
        const policy = managed.get(arn);
        if (policy !== undefined) return policy;
        throw new TemplateError(
          `${logicalId}: what the managed policy ${arn} allows is not in this template. Write it into the role.`,
        );
      });
      return {
        arn: arnOf(resource),
        logicalId,
        policies: [
          ...Policies.map(({ PolicyName, PolicyDocument }) =>
            compilePolicy(PolicyDocument, { name: `${logicalId}/${PolicyName}`, kind: "identity" }),
          ),
          ...attachable.filter(({ roles }) => roles.includes(resource.name)).map(({ policy }) => policy),
          ...listed,
        ],
        trust: policyOf({ ...resource, logicalId: `${logicalId}/trust` }, AssumeRolePolicyDocument, "trust"),
      };
    });
}

/** The policies of queues, topics and buckets, by what `Ref` gives for the resource. */
export function readResourcePolicies(resources: readonly ResolvedResource[]): Map<string, IamPolicy> {
  const types = ["AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy"];
  const found = new Map<string, IamPolicy>();
  for (const resource of resources.filter(({ type }) => types.includes(type))) {
    const { document, targets } = propertiesOf(resource, ResourcePolicy);
    for (const target of targets) {
      // A second policy would replace the first, and which comes second is not said.
      if (found.has(target)) throw new TemplateError(`${resource.logicalId}: ${target} has another policy already.`);
      found.set(target, policyOf(resource, document, "resource"));
    }
  }
  return found;
}

/** What Lambda makes of the permissions for a function: a policy with a statement of each. */
export function readFunctionPolicy(target: ResolvedResource, resources: readonly ResolvedResource[]): IamPolicy {
  const statements = resources
    .filter(({ type }) => type === "AWS::Lambda::Permission")
    .flatMap((permission) => {
      const { Action, FunctionName, Principal, SourceArn, SourceAccount } = propertiesOf(permission, Permission);
      if (FunctionName !== target.arn && FunctionName !== target.name) return [];
      const condition = {
        ...(SourceArn === undefined ? {} : { ArnLike: { "aws:SourceArn": SourceArn } }),
        ...(SourceAccount === undefined ? {} : { StringEquals: { "aws:SourceAccount": SourceAccount } }),
      };
      const principal = Principal.endsWith(".amazonaws.com") ? { Service: Principal } : { AWS: Principal };
      const sid = permission.logicalId;
      return [{ Sid: sid, Effect: "Allow", Principal: principal, Action, Resource: target.arn, Condition: condition }];
    });
  return policyOf(target, { Statement: statements }, "resource");
}

/** The resource's policy, named after it. */
export function policyOf({ logicalId }: ResolvedResource, document: unknown, kind: PolicyKind): IamPolicy {
  return compilePolicy(document, { name: logicalId, kind });
}

export function arnOf({ logicalId, type, arn, reference }: ResolvedResource): string {
  if (arn !== undefined) return arn;
  if (reference.startsWith("arn:")) return reference;
  throw new TemplateError(`${logicalId}: the local engine knows no ARN for a ${type}.`);
}

function identityPolicy(resource: ResolvedResource): { policy: IamPolicy; roles: string[] } {
  const { PolicyDocument, Roles } = propertiesOf(resource, IdentityPolicy);
  return { policy: policyOf(resource, PolicyDocument, "identity"), roles: Roles };
}
