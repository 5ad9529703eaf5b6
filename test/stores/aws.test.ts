import { randomUUID } from "node:crypto";
import { DeleteMessageCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe } from "vitest";
import { createAnswerStore } from "../../lib/stores/dynamodb/answer-store.ts";
import { createBatchStore } from "../../lib/stores/dynamodb/batch-store.ts";
import { createChunkStore } from "../../lib/stores/dynamodb/chunk-store.ts";
import { createCooldownStore } from "../../lib/stores/dynamodb/cooldown-store.ts";
import { createJobStore } from "../../lib/stores/dynamodb/job-store.ts";
import { createLatencyStore } from "../../lib/stores/dynamodb/latency-store.ts";
import { createLedgerStore } from "../../lib/stores/dynamodb/ledger-store.ts";
import { createLimitStore } from "../../lib/stores/dynamodb/limit-store.ts";
import { createOpenStore } from "../../lib/stores/dynamodb/open-store.ts";
import { createPolicyStore } from "../../lib/stores/dynamodb/policy-store.ts";
import type { Table } from "../../lib/stores/dynamodb/table.ts";
import { createUseCounter } from "../../lib/stores/dynamodb/use-counter.ts";
import { createS3Objects } from "../../lib/stores/s3-objects.ts";
import { createSqsQueue } from "../../lib/stores/sqs-queue.ts";
import { batchStoreContract, contractNowMs } from "./batch-store.contract.ts";
import { chunkStoreContract } from "./chunk-store.contract.ts";
import { type Emulators, openEmulators } from "./emulators.ts";
import { ledgerStoreContract } from "./ledger-store.contract.ts";
import { memoryStoresAgree } from "./memory-agrees.contract.ts";
import { objectStoreContract } from "./object-store.contract.ts";
import { type QueueUnderTest, queueContract } from "./queue.contract.ts";
import { smallStoresContract } from "./small-stores.contract.ts";

let emulators: Emulators;
let table: Table;
const unique = () => randomUUID();

beforeAll(async () => {
  emulators = await openEmulators();
  table = { client: emulators.dynamodb, name: emulators.table, clock: () => contractNowMs };
});
afterAll(() => emulators.close());

describe("chunks in DynamoDB", () => {
  chunkStoreContract(() => ({ store: createChunkStore(table), id: `${unique()}/0` }));
  memoryStoresAgree(() => ({ chunks: createChunkStore(table), batches: createBatchStore(table), unique }));
});
describe("batches in DynamoDB", () => batchStoreContract(() => ({ store: createBatchStore(table), id: unique() })));
describe("ledgers in DynamoDB", () => ledgerStoreContract(() => createLedgerStore(table), unique));
describe("objects in S3", () => objectStoreContract(() => createS3Objects(emulators.s3, emulators.bucket), unique));
describe("queues in SQS", () => queueContract(sqsUnderTest));
describe("small stores in DynamoDB", () =>
  smallStoresContract(
    () => ({
      open: createOpenStore(table),
      jobs: createJobStore(table),
      answers: createAnswerStore(table),
      cooldowns: createCooldownStore(table),
      latencies: createLatencyStore(table),
      newLimits: () => createLimitStore(table, { sleep: () => new Promise(setImmediate), random: () => 1 }),
      use: createUseCounter(table),
      newPolicy: async () => {
        await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk: "POLICY", sk: "CURRENT" } }));
        return createPolicyStore(table, createS3Objects(emulators.s3, emulators.bucket));
      },
    }),
    unique,
  ));

async function sqsUnderTest(): Promise<QueueUnderTest> {
  const QueueUrl = await emulators.newQueue();
  return {
    queue: createSqsQueue(emulators.sqs, QueueUrl, async () => {}),
    async receive() {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await emulators.sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) return bodies;
        for (const { Body = "", ReceiptHandle } of Messages) {
          bodies.push(Body);
          await emulators.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}
