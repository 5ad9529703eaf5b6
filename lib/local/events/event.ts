import type { StoredObject } from "../emulators/fauxqs-stores.ts";
import type { PutEventsEntry } from "../emulators/put-events.ts";
import { accountId } from "../template/resource-types.ts";

/** An event as EventBridge delivers it. */
export type BusEvent = {
  version: "0";
  id: string;
  "detail-type": string;
  source: string;
  account: string;
  /** ISO 8601, whole seconds. */
  time: string;
  region: string;
  resources: string[];
  detail: unknown;
};

type Origin = { id: string; region: string; now: Date };

/** The event that S3 sends of a written object (its documentation: "Amazon S3 event message structure"). */
export function objectCreated(bucket: string, object: StoredObject, origin: Origin): BusEvent {
  const etag = object.etag.replaceAll('"', "");
  return {
    ...envelope(origin),
    "detail-type": "Object Created",
    source: "aws.s3",
    resources: [`arn:aws:s3:::${bucket}`],
    detail: {
      version: "0",
      bucket: { name: bucket },
      object: {
        key: object.key,
        size: object.contentLength,
        etag,
        sequencer: origin.now.getTime().toString(16).toUpperCase(),
      },
      "request-id": origin.id,
      requester: accountId,
      "source-ip-address": "127.0.0.1",
      // The ETag of an object that was uploaded in parts ends in their number.
      reason: etag.includes("-") ? "CompleteMultipartUpload" : "PutObject",
    },
  };
}

/** The event that a schedule sends. */
export function scheduled(ruleArn: string, origin: Origin): BusEvent {
  return {
    ...envelope(origin),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    resources: [ruleArn],
    detail: {},
  };
}

/** The event that an entry of PutEvents becomes. */
export function putEvent(entry: PutEventsEntry, origin: Origin): BusEvent {
  return {
    ...envelope(origin),
    "detail-type": entry.DetailType,
    source: entry.Source,
    resources: entry.Resources ?? [],
    detail: JSON.parse(entry.Detail),
  };
}

function envelope({ id, region, now }: Origin) {
  return { version: "0", id, account: accountId, time: `${now.toISOString().slice(0, 19)}Z`, region } as const;
}
