import { Aws, Stack } from "aws-cdk-lib";
import { Effect, PolicyStatement, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";

/**
 * What a function may touch: one zone's lanes; what users send and fetch, and nothing of either zone (`intake`); or
 * both zones (`crossing`), and therefore no model.
 */
export type RoleSide = "general" | "restricted" | "intake" | "crossing";

/**
 * The path of a role says its side, so that resource policies can name every role of a side, those of lanes yet to come
 * too, without referring to any of them.
 */
export function rolePath(scope: Construct, side: RoleSide): string {
  return `/switchyard/${Stack.of(scope).region}/${side}/`;
}

/** An ARN pattern of every role of this stack on a side. */
export function rolesOf(scope: Construct, side: RoleSide): string {
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${rolePath(scope, side)}*`;
}

/** An ARN pattern of every role of this stack's functions. */
export function allRoles(scope: Construct): string {
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/switchyard/${Stack.of(scope).region}/*`;
}

/** For a resource's own policy: never these roles, whatever another policy grants them. */
export function neverFor(
  roles: string[],
  { sid, actions, resources }: { sid: string; actions: string[]; resources: string[] },
): PolicyStatement {
  return new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new StarPrincipal()],
    actions,
    resources,
    conditions: { ArnLike: { "aws:PrincipalArn": roles } },
  });
}
