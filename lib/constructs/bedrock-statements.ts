import { Aws } from "aws-cdk-lib";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Deployment } from "../core/configuration/document.ts";
import { allow } from "./statements.ts";

const invoke = "bedrock:InvokeModel";
/**
 * All that calls a model or has one called: in a stream or a batch, by an agent, through the endpoint that speaks OpenAI's
 * API. Source: Service Authorization Reference, "Amazon Bedrock" and "Amazon Bedrock Powered by AWS Mantle".
 */
const everyWay = ["bedrock:*", "bedrock-mantle:*"];
const profileKey = "bedrock:InferenceProfileArn";

type Conditions = Record<string, Record<string, string | string[]>>;

/**
 * Calling exactly these models, which are all of one region: in that region, or through an inference profile in the
 * regions that the profile names. Everything else is denied, whatever another policy may grant.
 * Source: Bedrock User Guide, "Geographic cross-Region inference" and "Global cross-Region inference".
 */
export function invokeModels(region: string, deployments: readonly Deployment[]): PolicyStatement[] {
  const allowed = allowedCalls(region, deployments);
  const destinations = new Set([region, ...deployments.flatMap(destinationsOf)]);
  return [
    ...allowed,
    deny({ notResources: allowed.flatMap((statement) => statement.resources) }),
    ...denyOtherWays(region, deployments),
    ...(deployments.every(isInRegion)
      ? [deny({ resources: [`arn:${Aws.PARTITION}:bedrock:*:*:inference-profile/*`] })]
      : []),
    deny({ resources: ["*"], conditions: { StringNotEquals: { "aws:RequestedRegion": [...destinations] } } }),
  ];
}

/** Each model in each region by no other way than its own: directly, or through its profiles. */
function denyOtherWays(region: string, deployments: readonly Deployment[]): PolicyStatement[] {
  const ways = new Map<string, { direct: boolean; profiles: string[] }>();
  for (const deployment of deployments) {
    const direct = isInRegion(deployment);
    for (const model of direct ? [foundationModel(region, deployment.model)] : destinationModels(region, deployment)) {
      const known = ways.get(model) ?? { direct: false, profiles: [] };
      const profiles = direct ? known.profiles : [...known.profiles, profileArn(region, deployment)];
      ways.set(model, { direct: known.direct || direct, profiles });
    }
  }
  const groups = new Map<string, { resources: string[]; conditions: Conditions }>();
  for (const [model, { direct, profiles }] of ways) {
    const conditions: Conditions = {
      // A condition that something is not equal also holds where it is not there.
      ...(direct ? { Null: { [profileKey]: "false" } } : {}),
      ...(profiles.length > 0 ? { ArnNotEquals: { [profileKey]: profiles } } : {}),
    };
    const group = groups.get(JSON.stringify(conditions)) ?? { resources: [], conditions };
    groups.set(JSON.stringify(conditions), { ...group, resources: [...group.resources, model] });
  }
  return [...groups.values()].map(deny);
}

/** ARNs of the models and profiles that these deployments need, in every region. */
export function invokedModels(region: string, deployments: readonly Deployment[]): string[] {
  return allowedCalls(region, deployments).flatMap((statement) => statement.resources);
}

/** What a call names itself: models of the region, and inference profiles. */
export type DirectCalls = { inRegion: string[]; profiles: string[] };

export function directCalls(region: string, deployments: readonly Deployment[]): DirectCalls {
  return {
    inRegion: deployments.filter(isInRegion).map(({ model }) => foundationModel(region, model)),
    profiles: deployments.filter((each) => !isInRegion(each)).map((each) => profileArn(region, each)),
  };
}

function allowedCalls(region: string, deployments: readonly Deployment[]): PolicyStatement[] {
  return deployments.flatMap((deployment) =>
    isInRegion(deployment) ? [inRegion(region, deployment)] : throughProfile(region, deployment),
  );
}

/** Directly: not as the destination of any inference profile. */
function inRegion(region: string, { model }: Deployment): PolicyStatement {
  return allow([invoke], [foundationModel(region, model)], { Null: { [profileKey]: "true" } });
}

/** The profile by name, and its model in the regions that it may pass the call on to, only through that profile. */
function throughProfile(region: string, deployment: Deployment): PolicyStatement[] {
  const profile = profileArn(region, deployment);
  return [
    allow([invoke], [profile]),
    allow([invoke], destinationModels(region, deployment), { ArnEquals: { [profileKey]: profile } }),
  ];
}

function destinationModels(region: string, deployment: Deployment): string[] {
  const { model, inferenceProfile } = deployment;
  const base = model.startsWith(`${inferenceProfile}.`) ? model.slice(`${inferenceProfile}.`.length) : model;
  // A global profile's model belongs to no region.
  const regions = isGlobal(deployment) ? [region, ""] : [...new Set([region, ...deployment.destinations])];
  return regions.map((each) => foundationModel(each, base));
}

function destinationsOf(deployment: Deployment): string[] {
  return isGlobal(deployment) ? ["unspecified"] : deployment.destinations;
}

function isInRegion({ inferenceProfile }: Deployment): boolean {
  return inferenceProfile === undefined || inferenceProfile === "in-region";
}

function isGlobal({ inferenceProfile }: Deployment): boolean {
  return inferenceProfile === "global";
}

function profileArn(region: string, { model }: Deployment): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}:${Aws.ACCOUNT_ID}:inference-profile/${model}`;
}

function foundationModel(region: string, model: string): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${model}`;
}

function deny(what: { notResources: string[] } | { resources: string[]; conditions?: Conditions }): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: everyWay, ...what });
}
