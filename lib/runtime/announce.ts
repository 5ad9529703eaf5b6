import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { BatchCompleted } from "../core/work/collect-batch.ts";

/** Tells systems by an event and people by a topic that a batch is over; throws when either was not told. Repeatable. */
export function createAnnounce(
  eventBridge: EventBridgeClient,
  sns: SNSClient,
  { bus, topic }: { bus: string; topic: string },
): (event: BatchCompleted) => Promise<void> {
  return async (event) => {
    const text = JSON.stringify(event);
    const entry = { EventBusName: bus, Source: "switchyard", DetailType: "Batch Completed", Detail: text };
    const { Entries: [answer] = [] } = await eventBridge.send(new PutEventsCommand({ Entries: [entry] }));
    if (answer?.ErrorCode !== undefined)
      throw new Error(`The bus ${bus} refused the completion of batch ${event.batch}: ${answer.ErrorCode}.`);
    const Subject = `Switchyard: batch ${event.batch} ${event.state}`;
    await sns.send(new PublishCommand({ TopicArn: topic, Subject, Message: text }));
  };
}
