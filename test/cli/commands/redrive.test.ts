import {
  CreateQueueCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { moveMessages } from "../../../lib/cli/redrive/move-messages.ts";
import { createBatchStore } from "../../../lib/stores/dynamodb/batch-store.ts";
import { policyDocument } from "../../fakes/policy-document.ts";
import { fakeIo } from "../fake-io.ts";
import { stackInEmulators } from "../stack-in-emulators.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const stack = stackInEmulators(() => nowMs);
const names = ["jobs", "jobs-dead", "uploads", "chunks", "collect", "lost-general", "bedrock-us-east-1-general-dead"];
const urls = new Map<string, string>();
const url = (name: string) => urls.get(name) ?? "";

beforeAll(async () => {
  await stack().deploy(policyDocument("v1"), 1);
  for (const name of names) {
    const made = await stack().emulators.sqs.send(new CreateQueueCommand({ QueueName: `switchyard-${name}` }));
    urls.set(name, made.QueueUrl ?? "");
  }
});
afterAll(async () => {
  for (const QueueUrl of urls.values()) await stack().emulators.sqs.send(new DeleteQueueCommand({ QueueUrl }));
});

async function run(...args: string[]) {
  const io = fakeIo({ cwd: "/", nowMs });
  return { code: await main(["redrive", ...args, ...stack().flags], io), io };
}

async function bodiesIn(name: string): Promise<string[]> {
  const { Messages = [] } = await stack().emulators.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url(name), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => Body).toSorted();
}

async function fill(name: string, bodies: readonly string[]): Promise<void> {
  for (const MessageBody of bodies)
    await stack().emulators.sqs.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody }));
}

describe("redrive of a queue", () => {
  it.each([
    ["jobs", "jobs-dead", "jobs"],
    ["bedrock-us-east-1-general", "lost-general", "bedrock-us-east-1-general-dead"],
    ["lost-general", "lost-general", "bedrock-us-east-1-general-dead"],
  ])("%s moves every message as it is from %s to %s", async (name, from, to) => {
    const bodies = Array.from({ length: 10 }, (_, index) => `{"message":${index},"text":"é"}`);
    await fill(from, bodies);

    const moved = await run(name, "--json");
    const again = await run(name);

    expect([moved.code, again.code]).toEqual([0, 0]);
    expect(moved.io.json()).toEqual({ from, to, how: "moved", messages: 10 });
    expect(again.io.out()).toContain("is empty: there is nothing to redrive");
    expect(await bodiesIn(to)).toEqual(bodies);
    await stack().emulators.sqs.send(new DeleteQueueCommand({ QueueUrl: url(to) }));
    await stack().emulators.sqs.send(new CreateQueueCommand({ QueueName: `switchyard-${to}` }));
  });

  it("refuses a name that is none of the stack's queues", async () => {
    const { code, io } = await run("bedrock-us-east-1-restricted");

    expect(code).toBe(2);
    expect(io.err()).toMatch(/no queue bedrock-us-east-1-restricted; did you mean "bedrock-us-east-1-general"\?/);
    expect(io.err()).toMatch(
      /allowed: jobs, uploads, chunks, collect, lost-general, bedrock-us-east-1-general, or a batch/,
    );
  });

  it("says which queue is not there", async () => {
    const { code, io } = await run("uploads");

    expect(code).toBe(1);
    expect(io.err()).toContain("There is no queue switchyard-uploads-dead in this account and region");
  });

  it("leaves the moving to SQS where that can", async () => {
    const sqs = mockClient(SQSClient);
    sqs.callsFake(({ QueueName, QueueUrl }: { QueueName?: string; QueueUrl?: string }) => ({
      QueueUrl: `https://sqs/${QueueName}`,
      Attributes: { QueueArn: `arn:${QueueUrl}`, ApproximateNumberOfMessages: "7" },
    }));

    const moved = await moveMessages({ from: "jobs-dead", to: "jobs" }, new SQSClient({ region: "us-east-1" }), false);

    expect(moved).toEqual({ how: "started", messages: 7 });
    expect(sqs.commandCalls(StartMessageMoveTaskCommand).map(({ args }) => args[0].input)).toEqual([
      {
        SourceArn: "arn:https://sqs/switchyard-jobs-dead",
        DestinationArn: "arn:https://sqs/switchyard-jobs",
      },
    ]);
    sqs.restore();
  });
});

describe("redrive of a batch", () => {
  it("announces an upload again whose planning stopped", async () => {
    const { emulators } = stack();
    const batches = createBatchStore({ client: emulators.dynamodb, name: emulators.table, clock: () => nowMs });
    const id = "b-0123456789abcdef01234567";
    const upload = { key: "uploads/a.jsonl", etag: "e" };
    const times = { acceptedAtMs: nowMs, deadlineMs: nowMs + 1 };
    await batches.apply(id, {
      type: "create",
      batch: { id, ...upload, ...times, bytes: 1, policy: "v1", defaults: {} },
    });

    const { code, io } = await run(id, "--json");

    expect(code).toBe(0);
    expect(io.json()).toEqual({ batch: id, outcome: "announced" });
    expect(await bodiesIn("uploads")).toEqual([JSON.stringify({ detail: { object: upload } })]);
  });

  it("says so of one that there is not", async () => {
    const { code, io } = await run("b-ffff");

    expect(code).toBe(1);
    expect(io.err()).toContain("There is no batch b-ffff");
  });
});

it("sweep wants to be asked for now", async () => {
  const io = fakeIo({ cwd: "/", nowMs });

  expect(await main(["sweep", ...stack().flags], io)).toBe(2);
  expect(io.err()).toContain("sweep --now");
});
