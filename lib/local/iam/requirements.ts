import { inferenceOf } from "../../core/configuration/inference-profile.ts";
import { type Account, type AccountBucket, bucketOf } from "./account.ts";
import type { IamRequest } from "./evaluate.ts";

/** One call of an AWS API, as the service that is called sees it. */
export type Call = {
  /** `sqs:SendMessage`, for a batch of messages too: the action that IAM knows. */
  action: string;
  /** ARN of the queue, object, key … */
  resource: string;
  /** Condition keys of this call besides those that every call has, `events:source` for example. */
  context?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** An object in parts: the service also reads the data key back. @default false */
  multipart?: boolean | undefined;
};

export type Requirement = Omit<IamRequest, "principal">;

/**
 * Everything that must be allowed for a call to succeed: itself, and what the service then does with the caller's rights.
 * Sources: SQS Developer Guide, "Key management"; S3 User Guide, "Using server-side encryption with AWS KMS keys"; SNS
 * Developer Guide, "Managing Amazon SNS encryption keys"; Bedrock User Guide, "Prerequisites for inference profiles".
 */
export function requirementsOf(call: Call, account: Account): Requirement[] {
  const itself = requirement(call, account);
  switch (call.action.toLowerCase()) {
    case "sqs:sendmessage":
      return [itself, ...queueKey(["kms:GenerateDataKey", "kms:Decrypt"], [call.resource], call.resource, account)];
    case "sqs:receivemessage":
      return [itself, ...queueKey(["kms:Decrypt"], originsOf(call.resource, account), call.resource, account)];
    case "s3:getobject":
    case "s3:getobjectversion":
      return [itself, ...objectKey(["kms:Decrypt"], call, account)];
    case "s3:putobject":
      return [
        itself,
        ...objectKey(["kms:GenerateDataKey", ...(call.multipart === true ? ["kms:Decrypt"] : [])], call, account),
      ];
    case "sns:publish": {
      const keyArn = account.topics.get(call.resource)?.keyArn;
      const actions = ["kms:GenerateDataKey", "kms:Decrypt"];
      return [itself, ...throughService("sns", actions, keyArn, { "aws:sns:topicArn": call.resource }, account)];
    }
    case "bedrock:invokemodel":
    case "bedrock:invokemodelwithresponsestream":
      return [itself, ...modelsOf(call, account)];
    default:
      return [itself];
  }
}

/**
 * The queues whose context a message in this queue may be encrypted with: its own, and of all that move dead letters to
 * it, for SQS does not encrypt again what it moves.
 */
function originsOf(queueArn: string, account: Account): string[] {
  const origins = new Set([queueArn]);
  for (const origin of origins) {
    for (const { arn, deadLetterArn } of account.queues.values()) if (deadLetterArn === origin) origins.add(arn);
  }
  return [...origins];
}

function queueKey(actions: string[], contexts: string[], queueArn: string, account: Account): Requirement[] {
  const keyArn = account.queues.get(queueArn)?.keyArn;
  return contexts.flatMap((context) => throughService("sqs", actions, keyArn, { "aws:sqs:arn": context }, account));
}

function objectKey(actions: string[], call: Call, account: Account): Requirement[] {
  const bucket = bucketOf(account, call.resource);
  if (bucket === undefined) return [];
  const context = { "aws:s3:arn": bucket.bucketKey ? bucket.arn : call.resource };
  return throughService("s3", actions, keyOfObject(call, bucket, account), context, account);
}

/**
 * The key that a write asks for in its headers, else its bucket's. `AES256`, and `aws:kms` without a key, are keys of
 * AWS's own, which need no rights. Source: S3 API reference, PutObject.
 */
function keyOfObject({ context = {} }: Call, bucket: AccountBucket, account: Account): string | undefined {
  const how = context["s3:x-amz-server-side-encryption"];
  const asked = context["s3:x-amz-server-side-encryption-aws-kms-key-id"];
  if (typeof asked !== "string") return how === undefined ? bucket.keyArn : undefined;
  const [, name = asked] = /^arn:[^:]+:kms:[^:]+:[^:]+:(alias\/.+)$/.exec(asked) ?? [];
  if (name.startsWith("alias/aws/")) return undefined;
  const ofAlias = account.keyAliases.get(name);
  if (ofAlias !== undefined || name.startsWith("arn:")) return ofAlias ?? name;
  const kind = name.startsWith("alias/") ? "" : "key/";
  return `arn:aws:kms:${account.region}:${account.id}:${kind}${name}`;
}

/** The use of a key by a service that acts for the caller, for one encryption context. */
function throughService(
  service: "sqs" | "s3" | "sns",
  actions: string[],
  keyArn: string | undefined,
  encryptionContext: Record<string, string>,
  account: Account,
): Requirement[] {
  if (keyArn === undefined) return [];
  const context: Record<string, string | string[]> = {
    "kms:ViaService": `${service}.${account.region}.amazonaws.com`,
    "kms:CallerAccount": account.id,
    "kms:EncryptionContextKeys": Object.keys(encryptionContext),
  };
  for (const [key, value] of Object.entries(encryptionContext)) context[`kms:EncryptionContext:${key}`] = value;
  return actions.map((action) => requirement({ action, resource: keyArn, context }, account));
}

/** A geographic profile passes the call on: its model must be allowed wherever it may go, by way of this profile. */
function modelsOf({ action, resource }: Call, account: Account): Requirement[] {
  const [, partition = "", region = "", id = ""] =
    /^arn:([^:]+):bedrock:([^:]+):[^:]*:inference-profile\/(.+)$/.exec(resource) ?? [];
  const inference = inferenceOf(id, region);
  if (id === "" || inference.kind === "refused") return [];
  const { profile, destinations } = inference;
  const model = id.slice(profile.length + 1);
  // A global profile's destination is no region that IAM names.
  const regions = profile === "global" ? ["unspecified"] : destinations;
  return [...new Set([region, ...regions])].map((destination) => {
    const place = destination === "unspecified" ? "" : destination;
    const arn = `arn:${partition}:bedrock:${place}::foundation-model/${model}`;
    const context = { "bedrock:InferenceProfileArn": resource, "aws:RequestedRegion": destination };
    return requirement({ action, resource: arn, context }, account);
  });
}

function requirement({ action, resource, context }: Call, account: Account): Requirement {
  // What every client of an AWS SDK does.
  const tls = action.startsWith("s3:") ? { "s3:TlsVersion": "1.3" } : {};
  const region = resource.split(":")[3] || account.region;
  return {
    action,
    resource,
    context: { "aws:SecureTransport": "true", ...tls, "aws:RequestedRegion": region, ...context },
  };
}
