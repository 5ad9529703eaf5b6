import { decodeHold, encodeHold } from "../../lib/core/budgets/ledger.ts";
import { noCounts } from "../../lib/core/protocol/counts.ts";
import { encodePick } from "../../lib/core/protocol/pick.ts";
import { freshShard } from "../../lib/core/protocol/shard.ts";
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
import { memoryObjects } from "../fakes/memory-objects.ts";

/** When the items were recorded, by the clock that they were recorded with. */
export const recordedAtMs = Date.UTC(2026, 0, 1);

const day = "2026-01-01";
const holdUntilMs = recordedAtMs + 90_000;
const deployment = "nova-lite";

/** Every store of the table. */
export function storesOf(table: Table) {
  return {
    answers: createAnswerStore(table),
    batches: createBatchStore(table),
    chunks: createChunkStore(table),
    jobs: createJobStore(table),
    open: createOpenStore(table),
    cooldowns: createCooldownStore(table),
    limits: createLimitStore(table, { sleep: async () => {}, random: () => 0 }),
    latencies: createLatencyStore(table),
    ledgers: createLedgerStore(table),
    use: createUseCounter(table),
    policy: createPolicyStore(table, memoryObjects()),
  };
}
type Stores = ReturnType<typeof storesOf>;

/** Writes every kind of item, as the functions do. */
export async function writeItems(stores: Stores): Promise<void> {
  await writeBatches(stores);
  await writeChunks(stores);
  await stores.jobs.claim("job-hash", { chunk: "adhoc-1/0", line: 1 });
  await stores.open.add({ kind: "batch", id: "b-1", sinceMs: recordedAtMs });
  await stores.open.add({ kind: "chunk", id: "adhoc-1/0", sinceMs: recordedAtMs });
  await stores.cooldowns.cool(deployment, {
    untilMs: recordedAtMs + 20_000,
    level: 2,
    kind: "overload",
    sinceMs: recordedAtMs,
  });
  await stores.cooldowns.pause(deployment, {
    sinceMs: recordedAtMs,
    untilMs: recordedAtMs + 60_000,
    reason: "trial",
    by: "me",
  });
  const wish = { nowMs: recordedAtMs, latestMs: recordedAtMs + 1000, spanMs: 250 };
  for (const line of ["requests", "tokens", "turns", "high-turns"] as const)
    await stores.limits.reserve(deployment, line, wish);
  await stores.latencies.add(deployment, { medianMs: 800, answers: 3 });
  await stores.use.add(day, new Map([[deployment, { jobs: 2, attempts: 3, failures: 1, costNanoUsd: 4 }]]));
  const ledger = { period: day, name: "team" };
  await stores.ledgers.apply(ledger, { type: "begin" });
  const holds = {
    "1111222233334444": encodeHold({ nanoUsd: 700, untilMs: holdUntilMs }),
    "5555666677778888": encodeHold({ nanoUsd: 40, untilMs: holdUntilMs }),
  };
  await stores.ledgers.apply(ledger, { type: "reserve", holds, limitNanoUsd: 1_000_000 });
  const end = { key: "5555666677778888", hold: holds["5555666677778888"], costNanoUsd: 30, uncertain: false };
  await stores.ledgers.apply(ledger, { type: "settle", ends: [end] });
  const place = { chunk: "b-1/0", shard: "0", segment: "2", line: 1, from: 90, to: 400 };
  await stores.answers.put("question-hash", { ...place, atMs: recordedAtMs, costNanoUsd: 1800 }, recordedAtMs + 60_000);
  await stores.policy.adopt({ version: "p1", generation: 1, format: "1" });
  const seen = await stores.policy.current();
  if (seen !== undefined)
    await stores.policy.replace(seen, { version: "p2", how: "publish", atMs: recordedAtMs, by: "me", note: "cheaper" });
}

/** What the items say, as the functions read them. */
export async function readItems(stores: Stores): Promise<Record<string, unknown>> {
  return {
    batch: await stores.batches.read("b-1"),
    failedBatch: await stores.batches.read("b-2"),
    listed: (await stores.batches.list(10)).map(({ id }) => id).toSorted(),
    chunk: await stores.chunks.read("b-1/0"),
    childChunk: await stores.chunks.read("b-1/0~0~2"),
    forming: await stores.chunks.read("adhoc-1/0"),
    abandoned: await stores.chunks.read("adhoc-2/0"),
    job: await stores.jobs.read("job-hash"),
    open: (await Array.fromAsync(stores.open.list())).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    cooldowns: Object.fromEntries(await stores.cooldowns.read([deployment])),
    limits: await stores.limits.read(deployment),
    latencies: Object.fromEntries(await stores.latencies.read([deployment])),
    answers: Object.fromEntries(await stores.answers.read(["question-hash"])),
    use: Object.fromEntries(await stores.use.read(day)),
    ledgers: await stores.ledgers.list(day),
    holds: Object.values((await stores.ledgers.list(day))[0]?.ledger.open ?? {}).map(decodeHold),
    policy: await stores.policy.current(),
  };
}

async function writeBatches({ batches }: Stores): Promise<void> {
  const common = {
    etag: '"e"',
    bytes: 9,
    policy: "p1",
    acceptedAtMs: recordedAtMs,
    deadlineMs: recordedAtMs + 86_400_000,
  };
  const defaults = { dataClass: "internal", residency: "eu", tenant: "acme", deadline: "24h", dedupe: true as const };
  const first = { id: "b-1", key: "uploads/a.jsonl", ...common, defaults, maxCostNanoUsd: 5_000_000 };
  await batches.apply("b-1", { type: "create", batch: first });
  await batches.apply("b-1", { type: "planned", chunks: 2, lines: 6, blankLines: 1 });
  const counts = { succeeded: 1, failed: 1, cancelled: 1 };
  for (const number of [1, 0])
    await batches.apply("b-1", { type: "add-chunk", number, counts, costNanoUsd: { [deployment]: 7 } });
  await batches.apply("b-1", { type: "cancel", nowMs: recordedAtMs + 1 });
  await batches.apply("b-1", { type: "ask-collect", nowMs: recordedAtMs + 2 });
  await batches.apply("b-1", { type: "end", nowMs: recordedAtMs + 3 });
  await batches.apply("b-1", { type: "complete", completedAtMs: recordedAtMs + 3, state: "cancelled" });
  await batches.apply("b-1", { type: "announced" });
  await batches.apply("b-2", { type: "create", batch: { id: "b-2", key: "uploads/b.jsonl", ...common, defaults: {} } });
  await batches.apply("b-2", { type: "fail", completedAtMs: recordedAtMs + 4, failure: "The file is empty." });
}

async function writeChunks({ chunks }: Stores): Promise<void> {
  const place = {
    batch: "b-1",
    number: 0,
    plan: "plans/b-1/0/n1.json",
    policy: "p1",
    plannedAtMs: recordedAtMs,
    lines: 8,
  };
  const open = { deployment, zone: "general", lines: 2 } as const;
  const shards = {
    "0": freshShard({ ...open, from: 0 }),
    "1": freshShard({ ...open, zone: "restricted", from: 2 }),
    "2": freshShard({ ...open, from: 4 }),
    "3": freshShard({ ...open, from: 6 }),
  };
  await chunks.apply("b-1/0", { type: "plan", adHoc: false, ...place, shards, counts: noCounts });
  const claim = (shard: string, nowMs: number) =>
    chunks.apply("b-1/0", { type: "claim", shard, nowMs, leaseUntilMs: nowMs + 150_000 });
  await claim("0", recordedAtMs);
  const again = await claim("0", recordedAtMs + 200_000);
  const child = freshShard({
    ...open,
    lines: 1,
    pick: encodePick([1], 2),
    round: 1,
    excluded: { [deployment]: "transient" },
    alone: true,
  });
  if (again.kind === "applied")
    await chunks.apply("b-1/0~0~2", { type: "nest", parent: "b-1/0", of: again.chunk, shards: { "0.0": child } });
  const ended = { counts: { succeeded: 1, failed: 0, cancelled: 0 }, costNanoUsd: { [deployment]: 7 } };
  await chunks.apply("b-1/0", {
    type: "commit",
    shard: "0",
    fence: 2,
    segment: "2",
    ...ended,
    children: {},
    nested: "b-1/0~0~2",
  });
  await chunks.apply("b-1/0", { type: "add-nested", nested: "b-1/0~0~2", ...ended });
  await claim("1", recordedAtMs);
  await chunks.apply("b-1/0", {
    type: "commit",
    shard: "1",
    fence: 1,
    segment: "1",
    ...ended,
    children: { "1.0": child },
  });
  await claim("2", recordedAtMs);
  const move = {
    deployment: "haiku",
    round: 2,
    excluded: { [deployment]: "permanent" as const },
    notBeforeMs: recordedAtMs + 5000,
    waitsFor: { budget: "team", untilMs: recordedAtMs + 5000 },
    limited: { [deployment]: "3z" },
  };
  await chunks.apply("b-1/0", { type: "release", shard: "2", fence: 1, move });
  await chunks.apply("b-1/0", { type: "repair", shard: "2", fence: 1, nowMs: recordedAtMs + 9000 });
  await chunks.apply("adhoc-1/0", { type: "form", formingUntilMs: recordedAtMs + 330_000 });
  await chunks.apply("adhoc-2/0", { type: "form", formingUntilMs: recordedAtMs });
  await chunks.apply("adhoc-2/0", { type: "abandon", nowMs: recordedAtMs });
}
