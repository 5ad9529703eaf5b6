import { Effect, PolicyStatement, StarPrincipal } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { highQueueSuffix, type Lane } from "../core/lane.ts";
import { invokedModels } from "./bedrock-statements.ts";
import { queueArns } from "./fixed-names.ts";
import type { Foundation } from "./foundation.ts";
import { rolesOf } from "./role-side.ts";
import { laneObjects, zoneAccess } from "./zone-access.ts";

export type EndpointPoliciesProps = {
  /** The restricted zone's lanes. */
  lanes: readonly Lane[];
  /** Those of them that run inside. */
  inside: readonly Lane[];
  foundation: Foundation;
};

/**
 * What each endpoint lets through: calls of this stack's restricted roles, for what lanes and fallback of the zone do.
 * Whoever gets at the network with credentials of another account, or of another role, can carry nothing out.
 */
export function endpointPolicies(
  scope: Construct,
  { lanes, inside, foundation }: EndpointPoliciesProps,
): Record<"s3" | "dynamodb" | "sqs" | "bedrock", PolicyStatement[]> {
  const { policy, queues, storage } = foundation;
  const { restricted, policies, table } = storage;
  const under = (prefixes: string[]): string[] => prefixes.map((prefix) => restricted.arnForObjects(`${prefix}/*`));
  const pass = (actions: string[], resources: string[]): PolicyStatement =>
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [new StarPrincipal()],
      actions,
      resources,
      conditions: { ArnLike: { "aws:PrincipalArn": rolesOf(scope, "restricted") } },
    });
  const models = inside.flatMap((lane) => {
    const deployments = lane.deployments.flatMap((name) => policy.deployments[name] ?? []);
    return lane.region === undefined ? [] : invokedModels(lane.region, deployments);
  });

  return {
    s3: [
      pass(["s3:GetObject"], [...under(laneObjects(policy).read), policies.arnForObjects("policies/*")]),
      pass(["s3:PutObject", "s3:AbortMultipartUpload"], under(laneObjects(policy).write)),
      pass(["s3:ListBucket"], [restricted.bucketArn, policies.bucketArn]),
    ],
    dynamodb: [
      pass(
        zoneAccess.items.map((action) => `dynamodb:${action}`),
        [table.tableArn],
      ),
    ],
    sqs: [
      pass(
        ["sqs:SendMessage"],
        [
          // The fallback sends to every lane; a lane only to its own dead letters.
          ...lanes.map(({ name }) => queueArns(scope, name)),
          ...(policy.highPriorityQueues === true
            ? lanes.map(({ name }) => queueArns(scope, `${name}${highQueueSuffix}`))
            : []),
          ...inside.map(({ name }) => queueArns(scope, `${name}-dead`)),
          queues.collect.queue.queueArn,
        ],
      ),
    ],
    bedrock: models.length === 0 ? [] : [pass(["bedrock:InvokeModel"], [...new Set(models)])],
  };
}
