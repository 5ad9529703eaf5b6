import type { Key } from "aws-cdk-lib/aws-kms";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Keys } from "./keys.ts";
import { timeoutSeconds, visibilitySeconds } from "./time-limits.ts";
import { workQueue } from "./work-queue.ts";

/** How long Lambda waits for more single jobs, so that one ad-hoc chunk holds many. */
export const jobsWindowSeconds = 5;

/** A queue and where its messages go that cannot be handled. */
export type QueuePair = { queue: Queue; dead: Queue };

/** The queues before and after the lanes, all under the intake key. */
export class Queues extends Construct {
  readonly jobs: QueuePair;
  readonly uploads: QueuePair;
  readonly chunks: QueuePair;
  readonly collect: QueuePair;

  constructor(scope: Construct, id: string, { keys }: { keys: Keys }) {
    super(scope, id);
    this.jobs = this.pair("Jobs", keys.intake, visibilitySeconds(timeoutSeconds.classify, jobsWindowSeconds));
    this.uploads = this.pair("Uploads", keys.intake, visibilitySeconds(timeoutSeconds.plan));
    this.chunks = this.pair("Chunks", keys.intake, visibilitySeconds(timeoutSeconds.classify));
    this.collect = this.pair("Collect", keys.intake, visibilitySeconds(timeoutSeconds.collect));
  }

  /** In order of their way: what alarms and the dashboard show. */
  get all(): [string, QueuePair][] {
    return [
      ["uploads", this.uploads],
      ["chunks", this.chunks],
      ["jobs", this.jobs],
      ["collect", this.collect],
    ];
  }

  private pair(id: string, key: Key, visibility: number): QueuePair {
    const name = id.toLowerCase();
    const dead = workQueue(this, `${id}Dead`, { name: `${name}-dead`, key, retentionDays: 14 });
    const queue = workQueue(this, id, {
      name,
      key,
      retentionDays: 10,
      visibilitySeconds: visibility,
      deadLetters: { queue: dead, receives: 5 },
    });
    return { queue, dead };
  }
}
