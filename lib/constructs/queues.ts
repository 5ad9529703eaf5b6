import type { Key } from "aws-cdk-lib/aws-kms";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Keys } from "./keys.ts";
import { neverFor, rolesOf } from "./role-side.ts";
import { timeoutSeconds, visibilitySeconds } from "./time-limits.ts";
import { workQueue } from "./work-queue.ts";

/** How long Lambda waits for more single jobs, so that one ad-hoc chunk holds many. */
export const jobsWindowSeconds = 5;

/** A queue and where its messages go that cannot be handled. */
export type QueuePair = { queue: Queue; dead: Queue };

/** The queues before and after the lanes, under the intake key but for collect's, which holds ids only. */
export class Queues extends Construct {
  readonly jobs: QueuePair;
  readonly uploads: QueuePair;
  readonly chunks: QueuePair;
  readonly collect: QueuePair;

  constructor(scope: Construct, id: string, { keys }: { keys: Keys }) {
    super(scope, id);
    const { intake } = keys;
    this.jobs = this.pair("Jobs", visibilitySeconds(timeoutSeconds.classify, jobsWindowSeconds), intake);
    this.uploads = this.pair("Uploads", visibilitySeconds(timeoutSeconds.plan), intake);
    this.chunks = this.pair("Chunks", visibilitySeconds(timeoutSeconds.classify), intake);
    // Lanes of both zones send to it. Under the intake key, each of them would need that key.
    this.collect = this.pair("Collect", visibilitySeconds(timeoutSeconds.collect));
    for (const queue of [this.collect.queue, this.collect.dead]) {
      const roles = [rolesOf(this, "general"), rolesOf(this, "restricted"), rolesOf(this, "intake")];
      const what = { actions: ["sqs:ReceiveMessage"], resources: [queue.queueArn] };
      queue.addToResourcePolicy(neverFor(roles, { sid: "OnlyCollectReceives", ...what }));
    }
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

  private pair(id: string, visibility: number, key?: Key): QueuePair {
    const name = id.toLowerCase();
    const under = key === undefined ? {} : { key };
    const dead = workQueue(this, `${id}Dead`, { name: `${name}-dead`, retentionDays: 14, ...under });
    const queue = workQueue(this, id, {
      name,
      ...under,
      retentionDays: 10,
      visibilitySeconds: visibility,
      deadLetters: { queue: dead, receives: 5 },
    });
    return { queue, dead };
  }
}
