import * as z from "zod";
import type { Invocation } from "../lambda/invocation.ts";

const Response = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

/**
 * Which of a batch's messages are done and will be deleted; the others stay until their visibility is over.
 * As the Lambda documentation has it ("Reporting batch item failures for Lambda functions with an Amazon SQS event
 * source"): null, nothing and an empty list mean that all are done; a response that cannot be read, or that names a
 * message which was not in the batch, means that none is.
 */
export function doneMessages(invocation: Invocation, messageIds: string[], reportsItemFailures: boolean): Set<string> {
  if (invocation.kind === "failed") return new Set();
  if (!reportsItemFailures) return new Set(messageIds);
  const done = new Set(messageIds);
  const returned: unknown = JSON.parse(invocation.payload);
  if (returned === null) return done;
  const response = Response.safeParse(returned);
  if (!response.success) return new Set();
  for (const { itemIdentifier } of response.data.batchItemFailures ?? []) {
    if (!messageIds.includes(itemIdentifier)) return new Set();
    done.delete(itemIdentifier);
  }
  return done;
}
