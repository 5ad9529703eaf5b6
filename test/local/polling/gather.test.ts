import { describe, expect, it } from "vitest";
import { createGatherer, type Gathered } from "../../../lib/local/polling/gather.ts";

function message(id: string, bytes = 10): Gathered {
  return {
    message: { MessageId: id, ReceiptHandle: id, Body: "", MD5OfBody: "", Attributes: {}, MessageAttributes: {} },
    record: "x".repeat(bytes),
  };
}

/** A queue whose clock moves only by waiting. */
function queueOf(messages: Gathered[]) {
  let nowMs = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => nowMs,
    async receive(maximum: number, waitSeconds: number): Promise<Gathered[]> {
      waits.push(waitSeconds);
      const taken = messages.splice(0, maximum);
      if (taken.length === 0) nowMs += waitSeconds * 1000;
      return taken;
    },
  };
}

const many = (count: number, bytes?: number) =>
  Array.from({ length: count }, (_, index) => message(String(index), bytes));

describe("createGatherer", () => {
  it("makes a batch of one receive without a window", async () => {
    const gatherer = createGatherer({ batchSize: 10, windowMs: 0, ...queueOf(many(25)) });

    expect((await gatherer.gather()).length).toBe(10);
  });

  it("gathers several receives up to the batch size", async () => {
    const gatherer = createGatherer({ batchSize: 25, windowMs: 1000, ...queueOf(many(60)) });

    expect((await gatherer.gather()).length).toBe(25);
    expect((await gatherer.gather()).length).toBe(25);
    expect((await gatherer.gather()).length).toBe(10);
  });

  it("ends a batch that is not full when the window is over", async () => {
    const queue = queueOf(many(3));
    const gatherer = createGatherer({ batchSize: 100, windowMs: 2000, ...queue });

    expect((await gatherer.gather()).length).toBe(3);
    expect(queue.waits).toEqual([20, 2]);
  });

  it("begins the next batch with the message that would take the payload past 6 MB", async () => {
    const gatherer = createGatherer({ batchSize: 100, windowMs: 1000, ...queueOf(many(12, 1024 * 1024)) });

    const sizes = [await gatherer.gather(), await gatherer.gather(), await gatherer.gather()].map(
      ({ length }) => length,
    );

    expect(sizes).toEqual([5, 5, 2]);
    expect(gatherer.held()).toBe(0);
  });

  it("is empty when nothing came", async () => {
    expect(await createGatherer({ batchSize: 10, windowMs: 5000, ...queueOf([]) }).gather()).toEqual([]);
  });
});
