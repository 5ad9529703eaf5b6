import { PutEvents } from "../emulators/put-events.ts";
import type { ActionsOf } from "./api-request.ts";

/** Source: Amazon EventBridge User Guide, "Using IAM policy conditions in Amazon EventBridge". */
export const eventbridgeActions: ActionsOf = (operation, { body }, { region, accountId }) => {
  if (operation !== "PutEvents") return undefined;
  return PutEvents.parse(body).Entries.map(({ EventBusName: bus = "default", Source, DetailType }) => ({
    action: "events:PutEvents",
    resource: bus.startsWith("arn:") ? bus : `arn:aws:events:${region}:${accountId}:event-bus/${bus}`,
    context: { "events:source": Source, "events:detail-type": DetailType },
  }));
};
