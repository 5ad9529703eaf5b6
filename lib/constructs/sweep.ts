import { Duration } from "aws-cdk-lib";
import { Rule, Schedule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Construct } from "constructs";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import { items, objects, sendTo } from "./statements.ts";
import { timeoutSeconds } from "./time-limits.ts";

/** Every minute, finds what should have moved and has not. */
export class Sweep extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { code, queues, storage } = foundation;
    const chunks = queues.chunks.queue;
    const collect = queues.collect.queue;
    const uploads = queues.uploads.queue;

    this.handler = new Handler(this, "Function", {
      description: "Switchyard: finds what should have moved and has not",
      code: code.sweep,
      side: "intake",
      timeoutSeconds: timeoutSeconds.sweep,
      memoryMiB: 512,
      environment: {
        ...commonEnvironment(foundation),
        INTAKE_BUCKET: storage.intake.bucketName,
        CHUNKS_QUEUE_URL: chunks.queueUrl,
        COLLECT_QUEUE_URL: collect.queueUrl,
        UPLOADS_QUEUE_URL: uploads.queueUrl,
      },
      statements: [
        ...sendTo([chunks, collect, uploads]),
        ...objects(storage.intake, { read: ["uploads", "plans"] }),
        ...objects(storage.policies, { read: ["policies"], write: ["policies"] }),
        items(storage.table, ["GetItem", "Query", "UpdateItem", "DeleteItem"]),
      ],
    });
    new Rule(this, "EveryMinute", {
      description: "Switchyard: runs sweep",
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(this.handler.function)],
    });
  }
}
