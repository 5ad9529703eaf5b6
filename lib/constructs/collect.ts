import { Aws, Stack } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import { allow, items, objects, receiveFrom } from "./statements.ts";
import { timeoutSeconds } from "./time-limits.ts";

export type CollectProps = { topic: Topic; foundation: Foundation };

const eventBusName = "default";

/** Streams segments into results and announces them. Reads both zones, so it calls no model and holds no secret. */
export class Collect extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { topic, foundation }: CollectProps) {
    super(scope, id);
    const { code, policy, queues, storage } = foundation;
    const stack = Stack.of(this);
    const replyQueueUrls = policy.replyQueues.map((name) => [
      name,
      `https://sqs.${stack.region}.${Aws.URL_SUFFIX}/${Aws.ACCOUNT_ID}/${name}`,
    ]);

    this.handler = new Handler(this, "Function", {
      description: "Switchyard: writes a batch's results in input order and announces them",
      code: code.collect,
      side: "crossing",
      timeoutSeconds: timeoutSeconds.collect,
      memoryMiB: 512,
      // An answer may lead its owner to the next question.
      loops: true,
      environment: {
        ...commonEnvironment(foundation),
        INTAKE_BUCKET: storage.intake.bucketName,
        GENERAL_BUCKET: storage.general.bucketName,
        RESTRICTED_BUCKET: storage.restricted.bucketName,
        EVENT_BUS_NAME: eventBusName,
        TOPIC_ARN: topic.topicArn,
        REPLY_QUEUE_URLS: stack.toJsonString(Object.fromEntries(replyQueueUrls)),
      },
      statements: [
        ...receiveFrom([queues.collect.queue]),
        ...objects(storage.intake, { read: ["plans"], write: ["results"] }),
        ...objects(storage.general, { read: ["segments"] }),
        ...objects(storage.restricted, { read: ["segments"] }),
        ...objects(storage.policies, { read: ["policies"] }),
        items(storage.table, ["GetItem", "UpdateItem", "DeleteItem"]),
        allow(
          ["events:PutEvents"],
          [stack.formatArn({ service: "events", resource: "event-bus", resourceName: eventBusName })],
          { StringEquals: { "events:source": "switchyard" } },
        ),
        allow(["sns:Publish"], [topic.topicArn]),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], [foundation.keys.intake.keyArn], {
          StringEquals: {
            "kms:ViaService": `sns.${stack.region}.amazonaws.com`,
            "kms:EncryptionContext:aws:sns:topicArn": topic.topicArn,
          },
        }),
        ...replies(stack, policy.replyQueues),
      ],
    });
    this.handler.feedFrom("Collect", queues.collect.queue, { batchSize: 1, maximumConcurrency: 5 });
  }
}

/** Sending to the queues that the configuration lists, whose own keys must let this role in. */
function replies(stack: Stack, names: readonly string[]): PolicyStatement[] {
  if (names.length === 0) return [];
  return [
    allow(
      ["sqs:SendMessage"],
      names.map((resource) => stack.formatArn({ service: "sqs", resource })),
    ),
  ];
}
