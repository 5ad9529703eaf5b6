import * as z from "zod";
import type { ActionsOf } from "./api-request.ts";

/** Source: Service Authorization Reference, "Actions defined by Amazon SQS"; a batch needs the action of its single form. */
const actionOf: Record<string, string> = {
  SendMessage: "sqs:SendMessage",
  SendMessageBatch: "sqs:SendMessage",
  ReceiveMessage: "sqs:ReceiveMessage",
  DeleteMessage: "sqs:DeleteMessage",
  DeleteMessageBatch: "sqs:DeleteMessage",
  ChangeMessageVisibility: "sqs:ChangeMessageVisibility",
  ChangeMessageVisibilityBatch: "sqs:ChangeMessageVisibility",
  GetQueueAttributes: "sqs:GetQueueAttributes",
  GetQueueUrl: "sqs:GetQueueUrl",
};

const Named = z.union([
  z.object({ QueueUrl: z.string() }).transform(({ QueueUrl }) => QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1)),
  z.object({ QueueName: z.string() }).transform(({ QueueName }) => QueueName),
]);

export const sqsActions: ActionsOf = (operation, { body }, { region, accountId }) => {
  const action = actionOf[operation];
  if (action === undefined) return undefined;
  // A call that names no queue is refused by SQS in any case.
  return [{ action, resource: `arn:aws:sqs:${region}:${accountId}:${Named.safeParse(body).data ?? ""}` }];
};
