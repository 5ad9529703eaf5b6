import { randomUUID } from "node:crypto";
import { describe } from "vitest";
import { memoryAnswers } from "../fakes/memory-answers.ts";
import { memoryBatches } from "../fakes/memory-batches.ts";
import { memoryChunks } from "../fakes/memory-chunks.ts";
import { memoryCooldowns } from "../fakes/memory-cooldowns.ts";
import { memoryJobs } from "../fakes/memory-jobs.ts";
import { memoryLatencies } from "../fakes/memory-latencies.ts";
import { memoryLedgers } from "../fakes/memory-ledgers.ts";
import { memoryLimits } from "../fakes/memory-limits.ts";
import { memoryObjects } from "../fakes/memory-objects.ts";
import { memoryOpen } from "../fakes/memory-open.ts";
import { memoryPolicy } from "../fakes/memory-policy.ts";
import { memoryQueue } from "../fakes/memory-queue.ts";
import { memoryUse } from "../fakes/memory-use.ts";
import { batchStoreContract } from "./batch-store.contract.ts";
import { chunkStoreContract } from "./chunk-store.contract.ts";
import { ledgerStoreContract } from "./ledger-store.contract.ts";
import { objectStoreContract } from "./object-store.contract.ts";
import { queueContract } from "./queue.contract.ts";
import { smallStoresContract } from "./small-stores.contract.ts";

const unique = () => randomUUID();

describe("chunks in memory", () => chunkStoreContract(() => ({ store: memoryChunks(), id: "b-1/0" })));
describe("batches in memory", () => batchStoreContract(() => ({ store: memoryBatches(), id: "b-1" })));
describe("ledgers in memory", () => {
  const store = memoryLedgers();
  ledgerStoreContract(() => store, unique);
});
describe("objects in memory", () => objectStoreContract(() => memoryObjects(), unique));
describe("queues in memory", () =>
  queueContract(async () => {
    const queue = memoryQueue();
    const receive = async () =>
      queue.sent.filter((message) => message.delaySeconds === undefined).map(({ body }) => body);
    return { queue, receive };
  }));
describe("small stores in memory", () => {
  const limits = memoryLimits();
  const stores = {
    newLimits: () => limits,
    latencies: memoryLatencies(() => 1_000_000),
    open: memoryOpen(),
    jobs: memoryJobs(),
    answers: memoryAnswers(),
    cooldowns: memoryCooldowns(),
    use: memoryUse(),
    newPolicy: async () => memoryPolicy(),
  };
  smallStoresContract(() => stores, unique);
});
