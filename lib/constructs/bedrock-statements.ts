import { Aws } from "aws-cdk-lib";
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Deployment } from "../core/configuration/document.ts";
import { allow } from "./statements.ts";

/** Converse needs the first; both are denied together. */
const invoke = "bedrock:InvokeModel";
const invokeActions = [invoke, "bedrock:InvokeModelWithResponseStream"];

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
    ...(deployments.every(isInRegion)
      ? [deny({ resources: [`arn:${Aws.PARTITION}:bedrock:*:*:inference-profile/*`] })]
      : []),
    deny({ resources: ["*"], conditions: { StringNotEquals: { "aws:RequestedRegion": [...destinations] } } }),
  ];
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
    profiles: deployments.filter((each) => !isInRegion(each)).map(({ model }) => profileArn(region, model)),
  };
}

function allowedCalls(region: string, deployments: readonly Deployment[]): PolicyStatement[] {
  return deployments.flatMap((deployment) =>
    isInRegion(deployment) ? [inRegion(region, deployment)] : throughProfile(region, deployment),
  );
}

/** Directly: not as the destination of any inference profile. */
function inRegion(region: string, { model }: Deployment): PolicyStatement {
  return allow([invoke], [foundationModel(region, model)], { Null: { "bedrock:InferenceProfileArn": "true" } });
}

/** The profile by name, and its model in the regions that it may pass the call on to, only through that profile. */
function throughProfile(region: string, deployment: Deployment): PolicyStatement[] {
  const { model, inferenceProfile } = deployment;
  const profile = profileArn(region, model);
  const base = model.startsWith(`${inferenceProfile}.`) ? model.slice(`${inferenceProfile}.`.length) : model;
  // A global profile's model belongs to no region.
  const regions = isGlobal(deployment) ? [region, ""] : [...new Set([region, ...deployment.destinations])];
  return [
    allow([invoke], [profile]),
    allow(
      [invoke],
      regions.map((each) => foundationModel(each, base)),
      {
        ArnEquals: { "bedrock:InferenceProfileArn": profile },
      },
    ),
  ];
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

function profileArn(region: string, model: string): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}:${Aws.ACCOUNT_ID}:inference-profile/${model}`;
}

function foundationModel(region: string, model: string): string {
  return `arn:${Aws.PARTITION}:bedrock:${region}::foundation-model/${model}`;
}

function deny(
  what: { notResources: string[] } | { resources: string[]; conditions?: Record<string, Record<string, string[]>> },
): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: invokeActions, ...what });
}
