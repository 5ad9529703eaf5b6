import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { createSqsQueue } from "../../lib/stores/sqs-queue.ts";

const sqs = mockClient(SQSClient);
const url = "http://127.0.0.1:1/000000000000/lane";
let slept: number[];
const queue = createSqsQueue(new SQSClient({ region: "us-east-1" }), url, async (milliseconds) => {
  slept.push(milliseconds);
});
const requests = () =>
  sqs.commandCalls(SendMessageBatchCommand).map(({ args: [command] }) => command.input.Entries ?? []);

beforeEach(() => {
  slept = [];
  sqs.reset();
  sqs.on(SendMessageBatchCommand).resolves({});
});

describe("a queue in SQS", () => {
  it("asks as seldom as the limits of a request allow", async () => {
    const half = JSON.stringify("x".repeat(500_000));

    await queue.send(Array.from({ length: 12 }, (_, index) => ({ body: String(index) })));
    await queue.send([{ body: half }, { body: half }, { body: half }]);

    expect(requests().map((entries) => entries.length)).toEqual([10, 2, 2, 1]);
  });

  it("counts bytes, not characters", async () => {
    const body = JSON.stringify("é".repeat(300_000));

    await queue.send([{ body }, { body }]);

    expect(requests()).toHaveLength(2);
  });

  it("sends again what was not taken, and only that, after a growing wait", async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Successful: [], Failed: [{ Id: "1", Code: "InternalError", SenderFault: false }] })
      .resolvesOnce({ Successful: [], Failed: [{ Id: "1", Code: "InternalError", SenderFault: false }] })
      .resolves({});

    await queue.send([{ body: '"a"' }, { body: '"b"' }, { body: '"c"' }]);

    expect(requests().map((entries) => entries.map(({ MessageBody }) => MessageBody))).toEqual([
      ['"a"', '"b"', '"c"'],
      ['"b"'],
      ['"b"'],
    ]);
    expect(slept).toEqual([100, 200]);
  });

  it("throws what it cannot send, without its text", async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [],
      Failed: [{ Id: "0", Code: "InvalidMessageContents", SenderFault: true }],
    });

    const sending = queue.send([{ body: '"secret"' }]);

    await expect(sending).rejects.toThrow(/lane refused a message: InvalidMessageContents/);
    await expect(sending).rejects.not.toThrow(/secret/);
    expect(slept).toEqual([]);
  });

  it("gives up after some tries", async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolves({ Successful: [], Failed: [{ Id: "0", Code: "Busy", SenderFault: false }] });

    await expect(queue.send([{ body: "1" }])).rejects.toThrow(/Busy/);

    expect(slept).toEqual([100, 200, 400, 800, 1600, 3200]);
  });

  it("names the group of a message that has one, in characters that SQS takes", async () => {
    await queue.send([{ body: "1" }, { body: "2", group: "acme" }, { body: "3", group: "Müller & Söhne" }]);

    const [first, second, third] = requests()[0]?.map(({ MessageGroupId }) => MessageGroupId) ?? [];
    expect(first).toBeUndefined();
    expect(second).toBe("acme");
    expect(third).toMatch(/^[0-9a-f]{64}$/);
  });

  it("writes characters that SQS refuses as JSON escapes", async () => {
    await queue.send([{ body: JSON.stringify("a\uFFFE😀") }]);

    expect(requests()[0]?.[0]?.MessageBody).toBe('"a\\ufffe\\ud83d\\ude00"');
  });
});
