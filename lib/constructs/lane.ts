import { Stack } from "aws-cdk-lib";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Key } from "aws-cdk-lib/aws-kms";
import type { Bucket } from "aws-cdk-lib/aws-s3";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Deployment, Policy } from "../core/configuration/document.ts";
import { highQueueSuffix, invokeTimeoutSeconds, type Lane as LaneOfPolicy } from "../core/lane.ts";
import { directCalls, invokeModels } from "./bedrock-statements.ts";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import type { IsolatedNetwork } from "./isolated-network.ts";
import { allow, items, objects, receiveFrom, sendTo } from "./statements.ts";
import { leaseSeconds, timeoutSeconds, visibilitySeconds } from "./time-limits.ts";
import { workQueue } from "./work-queue.ts";
import { laneObjects, zoneAccess } from "./zone-access.ts";

/** What the lanes of a zone share: its key, its bucket, and where what its fallback cannot handle ends. */
type ZonePlace = { key: Key; bucket: Bucket; lost: Queue };

export type LaneProps = {
  lane: LaneOfPolicy;
  zone: ZonePlace;
  foundation: Foundation;
  /** Where its function runs. @default in no network */
  network?: IsolatedNetwork;
};

/** One queue, its dead-letter queue, one function, and one role that names only this lane's deployments. */
export class Lane extends Construct {
  readonly lane: LaneOfPolicy;
  readonly queue: Queue;
  /** Of jobs with high priority, where the configuration has it so. */
  readonly high: Queue | undefined;
  readonly dead: Queue;
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { lane, zone, foundation, network }: LaneProps) {
    super(scope, id);
    const { policy, code, queues, storage } = foundation;
    this.lane = lane;
    const timeout = invokeTimeoutSeconds(lane, policy);
    // Dead letters outlive the lane's messages, and lost ones the dead letters: a moved message keeps its age.
    this.dead = workQueue(this, "Dead", {
      name: `${lane.name}-dead`,
      key: zone.key,
      retentionDays: 10,
      visibilitySeconds: visibilitySeconds(timeoutSeconds.fallback),
      deadLetters: { queue: zone.lost, receives: 10 },
    });
    const work = {
      key: zone.key,
      retentionDays: 7,
      visibilitySeconds: visibilitySeconds(timeout),
      deadLetters: { queue: this.dead, receives: 3 },
    };
    this.queue = workQueue(this, "Queue", { name: lane.name, ...work });
    this.high =
      policy.highPriorityQueues === true
        ? workQueue(this, "High", { name: `${lane.name}${highQueueSuffix}`, ...work })
        : undefined;

    const collect = queues.collect.queue;
    this.handler = new Handler(this, "Invoke", {
      description: `Switchyard: calls ${lane.deployments.join(", ")} for jobs of the ${lane.zone} zone`.slice(0, 256),
      code: code.invoke,
      side: lane.zone,
      timeoutSeconds: timeout,
      memoryMiB: 512,
      loops: true,
      environment: {
        ...commonEnvironment(foundation),
        LANE: lane.name,
        ZONE: lane.zone,
        ZONE_BUCKET: zone.bucket.bucketName,
        LANE_QUEUE_URL: this.queue.queueUrl,
        LANE_DEAD_QUEUE_URL: this.dead.queueUrl,
        ...(this.high === undefined ? {} : { LANE_HIGH_QUEUE_URL: this.high.queueUrl }),
        COLLECT_QUEUE_URL: collect.queueUrl,
        LEASE_SECONDS: String(leaseSeconds(timeout)),
        ...(lane.secret === undefined ? {} : { SECRET_NAME: lane.secret }),
      },
      statements: [
        ...receiveFrom(this.queues),
        ...sendTo([...this.queues, this.dead, collect]),
        ...objects(zone.bucket, laneObjects(policy)),
        ...objects(storage.policies, { read: ["policies"] }),
        items(storage.table, zoneAccess.items),
        ...providerStatements(this, lane, policy),
      ],
      ...(network === undefined || lane.region === undefined
        ? {}
        : { isolated: { network, models: directCalls(lane.region, deploymentsOf(lane, policy)) } }),
    });
    this.handler.feedFrom("Queue", this.queue, { batchSize: 10, maximumConcurrency: 20 });
    // Beside the others, however many there are of them.
    if (this.high !== undefined) this.handler.feedFrom("High", this.high, { batchSize: 10, maximumConcurrency: 10 });
  }

  /** All that its function is fed from. */
  get queues(): Queue[] {
    return this.high === undefined ? [this.queue] : [this.queue, this.high];
  }
}

function deploymentsOf(lane: LaneOfPolicy, policy: Policy): Deployment[] {
  return lane.deployments.flatMap((name) => policy.deployments[name] ?? []);
}

/** What the provider asks for: models of one region by role, or one secret of Secrets Manager. */
function providerStatements(scope: Construct, lane: LaneOfPolicy, policy: Policy): PolicyStatement[] {
  if (lane.provider === "bedrock" && lane.region !== undefined) {
    return invokeModels(lane.region, deploymentsOf(lane, policy));
  }
  if (lane.secret === undefined) return [];
  // Secrets Manager ends an ARN with six characters of its own.
  const secret = Stack.of(scope).formatArn({ service: "secretsmanager", resource: `secret:${lane.secret}-??????` });
  return [allow(["secretsmanager:GetSecretValue"], [secret])];
}
