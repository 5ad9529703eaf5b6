import * as z from "zod";
import type { ActionsOf } from "./api-request.ts";

const Publish = z.object({ TopicArn: z.string().optional(), TargetArn: z.string().optional() });

/** Source: Service Authorization Reference, "Actions defined by Amazon SNS". */
export const snsActions: ActionsOf = (operation, { body }) => {
  if (operation !== "Publish" && operation !== "PublishBatch") return undefined;
  const { TopicArn, TargetArn } = Publish.safeParse(body).data ?? {};
  // A call that names no topic, such as a text message to a telephone, is allowed on everything or not at all.
  return [{ action: "sns:Publish", resource: TopicArn ?? TargetArn ?? "*" }];
};
