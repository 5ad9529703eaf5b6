import type { Bucket } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import type { Zone } from "../core/names.ts";
import { queueArns } from "./fixed-names.ts";
import { commonEnvironment, type Foundation } from "./foundation.ts";
import { Handler } from "./handler.ts";
import type { IsolatedNetwork } from "./isolated-network.ts";
import type { Lane } from "./lane.ts";
import { laneQueueUrls } from "./lane-queue-urls.ts";
import { items, objects, receiveFrom, sendTo } from "./statements.ts";
import { leaseSeconds, timeoutSeconds } from "./time-limits.ts";
import { zoneAccess } from "./zone-access.ts";

export type FallbackProps = {
  zone: Zone;
  bucket: Bucket;
  lanes: readonly Lane[];
  foundation: Foundation;
  /** Where its function runs. @default in no network */
  network?: IsolatedNetwork;
};

/** Takes the dead letters of a zone's lanes and sends each job on: to another lane of the same zone, never beyond it. */
export class Fallback extends Construct {
  readonly handler: Handler;

  constructor(scope: Construct, id: string, { zone, bucket, lanes, foundation, network }: FallbackProps) {
    super(scope, id);
    const { code, queues, storage } = foundation;
    const laneQueues = lanes.flatMap((lane) => lane.queues);
    const deadQueues = lanes.map(({ dead }) => dead);
    const collect = queues.collect.queue;
    const queuesOfZone = queueArns(this, `*-${zone}*`);

    this.handler = new Handler(this, "Function", {
      description: `Switchyard: moves dead letters of the ${zone} zone to the next eligible deployment`,
      code: code.fallback,
      side: zone,
      timeoutSeconds: timeoutSeconds.fallback,
      memoryMiB: 512,
      loops: true,
      environment: {
        ...commonEnvironment(foundation),
        ZONE: zone,
        ZONE_BUCKET: bucket.bucketName,
        ...laneQueueUrls(this, lanes),
        COLLECT_QUEUE_URL: collect.queueUrl,
        LEASE_SECONDS: String(leaseSeconds(timeoutSeconds.fallback)),
      },
      statements: [
        ...receiveFrom(deadQueues, queuesOfZone),
        ...sendTo(laneQueues, queuesOfZone),
        ...sendTo([collect]),
        ...objects(bucket, zoneAccess.objects),
        ...objects(storage.policies, { read: ["policies"] }),
        items(storage.table, zoneAccess.items),
      ],
      ...(network === undefined ? {} : { isolated: { network, models: { inRegion: [], profiles: [] } } }),
    });
    for (const { lane, dead } of lanes) {
      this.handler.feedFrom(lane.name, dead, { batchSize: 10, maximumConcurrency: 5 });
    }
  }
}
