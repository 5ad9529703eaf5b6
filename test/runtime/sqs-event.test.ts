import { describe, expect, it } from "vitest";
import { processBatch, SqsEvent, sqsResponse } from "../../lib/runtime/sqs-event.ts";

const { Records: records } = SqsEvent.parse({
  Records: ["a", "b", "c"].map((messageId) => ({
    messageId,
    receiptHandle: "r",
    body: messageId,
    eventSourceARN: "arn:aws:sqs:us-east-1:1:switchyard-chunks",
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1", SenderId: "AIDAEXAMPLE" },
  })),
});

describe("a batch of messages", () => {
  it("keeps those that are to stay and those that failed, and says why", async () => {
    const errors: [string, unknown][] = [];

    const response = await processBatch(
      records,
      async ({ messageId }) => {
        if (messageId === "b") throw new Error("It broke.");
        return messageId === "a" ? "done" : "keep";
      },
      (error, { messageId }) => errors.push([messageId, error]),
    );

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "c" }] });
    expect(errors).toEqual([["b", new Error("It broke.")]]);
  });

  it("is handled all at once", async () => {
    let handled = 0;
    const { promise: all, resolve } = Promise.withResolvers<void>();

    const response = await processBatch(
      records,
      async () => {
        handled += 1;
        if (handled === records.length) resolve();
        await all;
        return "done";
      },
      () => {},
    );

    expect(response).toEqual({ batchItemFailures: [] });
  });

  it("keeps a message of which nothing was said", () => {
    expect(sqsResponse(records, ["done"])).toEqual({
      batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "c" }],
    });
  });

  it("says how often a message was received", () => {
    expect(records[0]?.attributes.ApproximateReceiveCount).toBe(2);
  });
});
