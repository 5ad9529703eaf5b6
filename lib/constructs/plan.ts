import { Construct } from "constructs";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import { items, objects, receiveFrom, sendTo } from "./statements.ts";
import { timeoutSeconds } from "./time-limits.ts";

/** Streams an upload once and cuts it into chunks. */
export class Plan extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, foundation: Foundation) {
    super(scope, id);
    const { code, queues, storage } = foundation;
    const chunks = queues.chunks.queue;
    const collect = queues.collect.queue;

    this.handler = new Handler(this, "Function", {
      description: "Switchyard: cuts an uploaded batch into chunks",
      code: code.plan,
      side: "intake",
      timeoutSeconds: timeoutSeconds.plan,
      memoryMiB: 1024,
      environment: {
        ...commonEnvironment(foundation),
        INTAKE_BUCKET: storage.intake.bucketName,
        CHUNKS_QUEUE_URL: chunks.queueUrl,
        COLLECT_QUEUE_URL: collect.queueUrl,
      },
      statements: [
        ...receiveFrom([queues.uploads.queue]),
        ...sendTo([chunks, collect]),
        ...objects(storage.intake, { read: ["uploads"], write: ["plans"] }),
        ...objects(storage.policies, { read: ["policies"], write: ["policies"] }),
        items(storage.table, ["GetItem", "UpdateItem"]),
      ],
    });
    this.handler.feedFrom("Uploads", queues.uploads.queue, { batchSize: 1, maximumConcurrency: 5 });
  }
}
