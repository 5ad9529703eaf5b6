import { CreateTopicCommand, type SNSClient } from "@aws-sdk/client-sns";
import * as z from "zod";
import type { ResolvedResource } from "../template/interpret.ts";
import { ignored, propertiesOf } from "./properties.ts";

const Properties = z.strictObject({
  TopicName: z.string().optional(),
  // What changes nothing here.
  DisplayName: ignored,
  KmsMasterKeyId: ignored,
  SignatureVersion: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});

/** Creates the topic, unless it is there already. */
export async function createTopic(client: SNSClient, resource: ResolvedResource): Promise<void> {
  propertiesOf(resource, Properties);
  await client.send(new CreateTopicCommand({ Name: resource.name }));
}
