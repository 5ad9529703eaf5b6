import { Aws, Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";

/** What a function may touch: one zone's lanes, or what crosses zones and therefore calls no model. */
export type RoleSide = "general" | "restricted" | "crossing";

/**
 * The path of a role says its side, so that resource policies can name every role of a side, those of lanes yet to come
 * too, without referring to any of them.
 */
export function rolePath(scope: Construct, side: RoleSide): string {
  return `/switchyard/${Stack.of(scope).region}/${side}/`;
}

/** An ARN pattern of every role of this stack's general lanes and general fallback. */
export function generalRoles(scope: Construct): string {
  return `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role${rolePath(scope, "general")}*`;
}
