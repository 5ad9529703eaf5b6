import { describe, expect, it, vi } from "vitest";
import type { Disturbance } from "../../../lib/local/disturbance.ts";
import type { LocalFunction } from "../../../lib/local/lambda/local-function.ts";
import { startPoller } from "../../../lib/local/polling/poller.ts";

const queue = { name: "q", arn: "arn:q", url: "http://q", visibilitySeconds: 30, dataKeyReuseSeconds: undefined };
const source = {
  logicalId: "s",
  queueArn: "arn:q",
  functionName: "f",
  batchSize: 10,
  windowSeconds: 0,
  reportsItemFailures: true,
  maxConcurrency: 5,
  enabled: true,
};
const calm: Disturbance = {
  deliver: (_queue, batch) => [[...batch]],
  losesDeletion: () => false,
  returnsAfterSeconds: () => undefined,
  outlives: () => false,
};

/** Delivers the messages a and b once; says with which batches the function was invoked, and what SQS was asked for. */
async function poll(disturbance: Disturbance, payload = "null") {
  const asked: { operation: string; input: Record<string, unknown> }[] = [];
  const invoked: string[][] = [];
  let received = false;
  const target: Pick<LocalFunction, "invoke" | "whenFree"> = {
    whenFree: async () => undefined,
    invoke: async (event) => {
      invoked.push([...event.matchAll(/"messageId":"(\w+)"/g)].map(([, id]) => id ?? ""));
      return { kind: "returned", payload, durationMs: 1 };
    },
  };
  const poller = startPoller({
    source,
    queue,
    region: "us-east-1",
    target,
    disturbance,
    async sqs(operation, input) {
      if (operation !== "ReceiveMessage") asked.push({ operation, input });
      else if (received) return new Promise(() => undefined);
      received = true;
      const message = (id: string) => ({ MessageId: id, ReceiptHandle: id, Body: "", MD5OfBody: "" });
      return { Messages: [message("a"), message("b")] };
    },
  });
  await vi.waitUntil(() => invoked.length > 0 && poller.inFlight() === 0);
  poller.stop();
  return { invoked, asked };
}

describe("startPoller", () => {
  it("invokes with what it received and deletes what is done", async () => {
    const { invoked, asked } = await poll(calm);

    expect(invoked).toEqual([["a", "b"]]);
    expect(asked.map(({ operation }) => operation)).toEqual(["DeleteMessageBatch"]);
  });

  it("delivers in another order and twice where a test wants it", async () => {
    const { invoked } = await poll({
      ...calm,
      deliver: (_queue, [a, b]) => [[b, a], [a]].map((batch) => batch.flatMap((each) => each ?? [])),
    });

    expect(invoked).toEqual([["b", "a"], ["a"]]);
  });

  it("has messages come back early whose deletion is lost", async () => {
    const { asked } = await poll({ ...calm, losesDeletion: () => true, returnsAfterSeconds: () => 7 });

    expect(asked).toMatchObject([
      {
        operation: "ChangeMessageVisibilityBatch",
        input: { Entries: [{ VisibilityTimeout: 7 }, { VisibilityTimeout: 7 }] },
      },
    ]);
  });

  it("has only messages come back early that are not done", async () => {
    const { asked } = await poll(
      { ...calm, returnsAfterSeconds: () => 7 },
      '{"batchItemFailures":[{"itemIdentifier":"b"}]}',
    );

    expect(asked).toMatchObject([
      { operation: "DeleteMessageBatch", input: { Entries: [{ ReceiptHandle: "a" }] } },
      { operation: "ChangeMessageVisibilityBatch", input: { Entries: [{ ReceiptHandle: "b", VisibilityTimeout: 7 }] } },
    ]);
  });
});
