import { Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";

/** One allowed thing: exact actions on exact resources. */
export function allow(
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, string | string[]>>,
): PolicyStatement {
  return new PolicyStatement({ actions, resources, ...(conditions === undefined ? {} : { conditions }) });
}

/**
 * Reading and writing objects under key prefixes of one bucket, and the bucket's key through S3 for this bucket only.
 * Readers may list: without it S3 answers "forbidden" for an object that does not exist.
 */
export function objects(bucket: Bucket, access: { read?: string[]; write?: string[] }): PolicyStatement[] {
  const { read = [], write = [] } = access;
  const under = (prefixes: string[]): string[] => prefixes.map((prefix) => bucket.arnForObjects(`${prefix}/*`));
  return [
    ...(read.length > 0 ? [allow(["s3:GetObject"], under(read)), allow(["s3:ListBucket"], [bucket.bucketArn])] : []),
    // Streams are written in parts; an unfinished one is given up.
    ...(write.length > 0 ? [allow(["s3:PutObject", "s3:AbortMultipartUpload"], under(write))] : []),
    ...keyOf(bucket, write.length > 0 ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]),
  ];
}

/** Reading objects whose keys match, and nothing about others; with the bucket's key as above. */
export function objectsLike(bucket: Bucket, pattern: string): PolicyStatement[] {
  return [allow(["s3:GetObject"], [bucket.arnForObjects(pattern)]), ...keyOf(bucket, ["kms:Decrypt"])];
}

/** A bucket key's context is the bucket; an object that someone wrote without one has its own. */
function keyOf(bucket: Bucket, actions: string[]): PolicyStatement[] {
  const key = bucket.encryptionKey;
  if (key === undefined) return [];
  const context = { "kms:EncryptionContext:aws:s3:arn": [bucket.bucketArn, bucket.arnForObjects("*")] };
  return [throughService(key, "s3", actions, context)];
}

/**
 * Sending to exactly these queues. SQS needs Decrypt as well: it checks a data key that it reuses.
 * @param context pattern of queue ARNs for which the key may be used, where naming each again would make the policy too
 * long. @default exactly the queues
 */
export function sendTo(queues: readonly Queue[], context?: string): PolicyStatement[] {
  return throughQueues(queues, ["sqs:SendMessage"], ["kms:Decrypt", "kms:GenerateDataKey"], context);
}

/**
 * Being fed from exactly these queues. SQS does not re-encrypt what it moves to a dead-letter queue: `context` must
 * match the queues that messages can come from as well.
 */
export function receiveFrom(queues: readonly Queue[], context?: string): PolicyStatement[] {
  const actions = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  return throughQueues(queues, actions, ["kms:Decrypt"], context);
}

function throughQueues(
  queues: readonly Queue[],
  actions: string[],
  keyActions: string[],
  context: string | undefined,
): PolicyStatement[] {
  if (queues.length === 0) return [];
  const keys = new Map<IKey, string[]>();
  for (const { encryptionMasterKey: key, queueArn } of queues) {
    if (key !== undefined) keys.set(key, [...(keys.get(key) ?? []), queueArn]);
  }
  return [
    allow(
      actions,
      queues.map(({ queueArn }) => queueArn),
    ),
    ...[...keys].map(([key, queueArns]) =>
      throughService(key, "sqs", keyActions, {
        "kms:EncryptionContext:aws:sqs:arn": context === undefined ? queueArns : [context],
      }),
    ),
  ];
}

export function items(table: Table, actions: readonly TableAction[]): PolicyStatement {
  return allow(
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
  );
}

/** The same for items only whose partition keys match one of the patterns. */
export function itemsUnder(table: Table, actions: readonly TableAction[], keys: string[]): PolicyStatement {
  return allow(
    actions.map((action) => `dynamodb:${action}`),
    [table.tableArn],
    {
      "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys },
      // Without a key there is nothing that would have to match.
      Null: { "dynamodb:LeadingKeys": "false" },
    },
  );
}

type TableAction = "GetItem" | "BatchGetItem" | "Query" | "UpdateItem" | "DeleteItem";

function throughService(
  key: IKey,
  service: "s3" | "sqs",
  actions: string[],
  context: Record<string, string[]>,
): PolicyStatement {
  return allow(actions, [key.keyArn], {
    StringEquals: { "kms:ViaService": `${service}.${Stack.of(key).region}.amazonaws.com` },
    ArnLike: context,
  });
}
