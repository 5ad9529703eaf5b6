import { CreateBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  BucketName: z.string().optional(),
  NotificationConfiguration: z
    .strictObject({
      EventBridgeConfiguration: z.looseObject({ EventBridgeEnabled: z.coerce.boolean().default(true) }).optional(),
    })
    .optional(),
  // What changes nothing here.
  AbacStatus: ignored,
  AccessControl: ignored,
  BucketEncryption: ignored,
  CorsConfiguration: ignored,
  IntelligentTieringConfigurations: ignored,
  LifecycleConfiguration: ignored,
  LoggingConfiguration: ignored,
  ObjectLockEnabled: ignored,
  OwnershipControls: ignored,
  PublicAccessBlockConfiguration: ignored,
  Tags: ignored,
  VersioningConfiguration: ignored,
});

/** Whether the bucket sends its events to EventBridge. */
export function sendsEvents(resource: ResolvedResource): boolean {
  const { NotificationConfiguration } = propertiesOf(resource, Properties);
  return NotificationConfiguration?.EventBridgeConfiguration?.EventBridgeEnabled ?? false;
}

/** Creates the bucket, unless it is there already. */
export async function createBucket(client: S3Client, resource: ResolvedResource): Promise<void> {
  propertiesOf(resource, Properties);
  await client.send(new CreateBucketCommand({ Bucket: resource.name }));
}
