import type { Call } from "../iam/requirements.ts";

/** A deployment as far as Bedrock's permissions are concerned. */
type BedrockModel = { model: string; region?: string | undefined; inferenceProfile?: string | undefined };

/**
 * What Converse is: the invocation of a model in its region, or of an inference profile there. Where a profile passes the
 * call on to follows from the profile.
 * Source: Amazon Bedrock API reference, Converse; User Guide, "Prerequisites for inference profiles".
 */
export function converseActions({ model, region = "", inferenceProfile }: BedrockModel, accountId: string): Call[] {
  const inRegion = inferenceProfile === undefined || inferenceProfile === "in-region";
  const resource = inRegion
    ? `arn:aws:bedrock:${region}::foundation-model/${model}`
    : `arn:aws:bedrock:${region}:${accountId}:inference-profile/${model}`;
  return [{ action: "bedrock:InvokeModel", resource }];
}
