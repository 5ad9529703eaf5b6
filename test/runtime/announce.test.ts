import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createAnnounce } from "../../lib/runtime/announce.ts";

const events = mockClient(EventBridgeClient);
const topics = mockClient(SNSClient);
const announce = createAnnounce(
  new EventBridgeClient({ region: "us-east-1" }),
  new SNSClient({ region: "us-east-1" }),
  {
    bus: "default",
    topic: "arn:aws:sns:us-east-1:1:done",
  },
);
const completed = {
  batch: "b-1",
  key: "uploads/a.jsonl",
  state: "completed" as const,
  counts: { accepted: 1, succeeded: 1, failed: 0, cancelled: 0 },
  costUsd: 0.001,
  output: "results/b-1/output.jsonl",
  errors: "results/b-1/errors.jsonl",
  manifest: "results/b-1/manifest.json",
};

beforeEach(() => {
  events.reset();
  topics.reset();
  events.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  topics.on(PublishCommand).resolves({});
});

describe("the end of a batch", () => {
  it("is told to systems and to people in the same words", async () => {
    await announce(completed);

    const [put] = events.commandCalls(PutEventsCommand);
    const [publish] = topics.commandCalls(PublishCommand);
    expect(put?.args[0].input.Entries).toEqual([
      {
        EventBusName: "default",
        Source: "switchyard",
        DetailType: "Batch Completed",
        Detail: JSON.stringify(completed),
      },
    ]);
    expect(publish?.args[0].input.Message).toBe(JSON.stringify(completed));
  });

  it("that the bus refuses is an error, and can be told again", async () => {
    events.on(PutEventsCommand).resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: "InternalFailure" }] });

    await expect(announce(completed)).rejects.toThrow(/b-1: InternalFailure/);
  });
});
