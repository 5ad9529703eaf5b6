import * as z from "zod";

/** What Lambda hands over from a queue, as far as handlers read it. */
export const SqsEvent = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      eventSourceARN: z.string(),
      attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().positive(), SenderId: z.string() }),
    }),
  ),
});
export type SqsRecord = z.infer<typeof SqsEvent>["Records"][number];

/** Messages that stay in the queue; Lambda deletes the others. */
export type SqsResponse = { batchItemFailures: { itemIdentifier: string }[] };

/** What is done with a message: deleted, or left in the queue for another time. */
export type Disposition = "done" | "keep";

/** Says which of the messages stay; one without a disposition does. */
export function sqsResponse(records: readonly SqsRecord[], dispositions: readonly Disposition[]): SqsResponse {
  const kept = records.filter((_, index) => dispositions[index] !== "done");
  return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** Handles the messages at the same time, each on its own: one that throws stays in the queue, and `onError` hears why. */
export async function processBatch(
  records: readonly SqsRecord[],
  handleOne: (record: SqsRecord) => Promise<Disposition>,
  onError: (error: unknown, record: SqsRecord) => void,
): Promise<SqsResponse> {
  const dispositions = await Promise.all(
    records.map(async (record): Promise<Disposition> => {
      try {
        return await handleOne(record);
      } catch (error) {
        onError(error, record);
        return "keep";
      }
    }),
  );
  return sqsResponse(records, dispositions);
}
