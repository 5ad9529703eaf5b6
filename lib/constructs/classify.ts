import { Construct } from "constructs";
import { queueArns } from "./fixed-names.ts";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import type { Lane } from "./lane.ts";
import { laneQueueUrls } from "./lane-queue-urls.ts";
import { acknowledge } from "./nag.ts";
import { jobsWindowSeconds } from "./queues.ts";
import { allow, items, objects, receiveFrom, sendTo } from "./statements.ts";
import { timeoutSeconds } from "./time-limits.ts";

export type ClassifyProps = { lanes: readonly Lane[]; foundation: Foundation };

/** Decides each job's chain and sends shards to the lanes of both zones. Reads prompts, so it calls no model. */
export class Classify extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { lanes, foundation }: ClassifyProps) {
    super(scope, id);
    const { code, policy, queues, storage } = foundation;
    const jobs = queues.jobs.queue;
    const chunks = queues.chunks.queue;
    const collect = queues.collect.queue;
    const asksComprehend = policy.detect?.comprehend !== undefined;
    const ofZone = { write: ["payloads", "segments", "audit", "quarantine"] };

    this.handler = new Handler(this, "Function", {
      description: "Switchyard: validates, classifies and routes the jobs of a chunk",
      code: code.classify,
      side: "crossing",
      timeoutSeconds: timeoutSeconds.classify,
      memoryMiB: 512,
      // An answer may lead its owner to the next question.
      loops: true,
      environment: {
        ...commonEnvironment(foundation),
        INTAKE_BUCKET: storage.intake.bucketName,
        GENERAL_BUCKET: storage.general.bucketName,
        RESTRICTED_BUCKET: storage.restricted.bucketName,
        ...laneQueueUrls(this, lanes),
        CHUNKS_QUEUE_URL: chunks.queueUrl,
        CHUNKS_QUEUE_ARN: chunks.queueArn,
        JOBS_QUEUE_ARN: jobs.queueArn,
        COLLECT_QUEUE_URL: collect.queueUrl,
      },
      statements: [
        ...receiveFrom([chunks, jobs]),
        ...sendTo([chunks, collect]),
        ...sendTo(
          lanes.flatMap((lane) => lane.queues),
          queueArns(this, "*"),
        ),
        ...objects(storage.intake, { read: ["uploads", "jobs", "plans"], write: ["jobs", "plans"] }),
        ...objects(storage.general, ofZone),
        ...objects(storage.restricted, ofZone),
        ...objects(storage.policies, { read: ["policies"], write: ["policies"] }),
        items(storage.table, ["GetItem", "BatchGetItem", "UpdateItem", "DeleteItem"]),
        // Comprehend has no resources to name.
        ...(asksComprehend ? [allow(["comprehend:DetectPiiEntities"], ["*"])] : []),
      ],
    });
    if (asksComprehend)
      acknowledge(
        this.handler,
        "AwsSolutions-IAM5[Resource::*]",
        "DetectPiiEntities reads what it is sent and no resource.",
      );
    this.handler.feedFrom("Chunks", chunks, { batchSize: 1, maximumConcurrency: 10 });
    this.handler.feedFrom("Jobs", jobs, { batchSize: 1000, windowSeconds: jobsWindowSeconds, maximumConcurrency: 10 });
  }
}
