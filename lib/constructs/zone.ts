import { Stack } from "aws-cdk-lib";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { isIsolated } from "../core/isolation.ts";
import type { Lane as LaneOfPolicy } from "../core/lane.ts";
import type { Zone as ZoneName } from "../core/names.ts";
import { Fallback } from "./fallback.ts";
import type { Foundation } from "./foundation.ts";
import { IsolatedNetwork } from "./isolated-network.ts";
import { Lane } from "./lane.ts";
import { workQueue } from "./work-queue.ts";

export type ZoneProps = {
  zone: ZoneName;
  /** The zone's lanes; at least one. */
  lanes: readonly LaneOfPolicy[];
  foundation: Foundation;
};

/** The lanes of a zone, the fallback between them, and the queue of what even fallback could not handle. */
export class Zone extends Construct {
  readonly zone: ZoneName;
  readonly lanes: Lane[];
  readonly fallback: Fallback;
  /** Nothing reads it: a person does, after the alarm. */
  readonly lost: Queue;

  constructor(scope: Construct, id: string, { zone, lanes, foundation }: ZoneProps) {
    super(scope, id);
    const key = foundation.keys[zone];
    const bucket = foundation.storage[zone];
    this.zone = zone;
    this.lost = workQueue(this, "Lost", { name: `lost-${zone}`, key, retentionDays: 14 });
    const place = { key, bucket, lost: this.lost };
    const { policy } = foundation;
    const within =
      zone === "restricted" && policy.network === "isolated"
        ? { network: new IsolatedNetwork(this, "Network", { lanes, foundation }) }
        : {};
    const isInside = (lane: LaneOfPolicy): boolean => isIsolated(lane, policy, Stack.of(this).region);
    this.lanes = lanes.map(
      (lane) => new Lane(this, lane.name, { lane, zone: place, foundation, ...(isInside(lane) ? within : {}) }),
    );
    this.fallback = new Fallback(this, "Fallback", { zone, bucket, lanes: this.lanes, foundation, ...within });
  }
}
