import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { BatchStore, ChunkStore } from "../../lib/core/ports.ts";
import type { BatchEvent } from "../../lib/core/protocol/batch.ts";
import type { ChunkEvent } from "../../lib/core/protocol/chunk.ts";
import { childId, type Exclusions, freshShard, type Shard } from "../../lib/core/protocol/shard.ts";
import { memoryBatches } from "../fakes/memory-batches.ts";
import { memoryChunks } from "../fakes/memory-chunks.ts";

// Few names and small numbers, so that events often meet what earlier ones made.
const shardId = fc.constantFrom("0", "1", "0.0", "0.0.1");
const deployment = fc.constantFrom("nova-lite", "gpt.4o", "a b#:'\"");
const timeMs = fc.integer({ min: 0, max: 8 });
const fence = fc.integer({ min: 0, max: 3 });
const countsArbitrary = fc.record({
  succeeded: fc.integer({ min: 0, max: 3 }),
  failed: fc.integer({ min: 0, max: 3 }),
  cancelled: fc.integer({ min: 0, max: 3 }),
});
const cost = fc.dictionary(deployment, fc.integer({ min: 0, max: 9_000_000_000 }), {
  maxKeys: 3,
  noNullPrototype: true,
});
const excluded: fc.Arbitrary<Exclusions> = fc.dictionary(
  deployment,
  fc.constantFrom("permanent" as const, "transient" as const),
  { maxKeys: 2, noNullPrototype: true },
);
const shard: fc.Arbitrary<Shard> = fc.oneof(
  deployment.map((name) => freshShard({ deployment: name, zone: "general", lines: 2, from: 0 })),
  fc.tuple(deployment, excluded).map(([name, out]) =>
    freshShard({
      deployment: name,
      zone: "restricted",
      lines: 1,
      pick: "AQ==",
      excluded: out,
      alone: true,
      notBeforeMs: 7,
    }),
  ),
);
const shards = fc.dictionary(shardId, shard, { maxKeys: 3, noNullPrototype: true });

const chunkEvent: fc.Arbitrary<ChunkEvent> = fc.oneof(
  fc.record({ type: fc.constant("form" as const), formingUntilMs: timeMs }),
  fc.record({ type: fc.constant("abandon" as const), nowMs: timeMs }),
  fc.record({
    type: fc.constant("plan" as const),
    adHoc: fc.boolean(),
    plan: fc.constantFrom("plans/a", "plans/b"),
    policy: fc.constant("v1"),
    plannedAtMs: timeMs,
    lines: fc.integer({ min: 0, max: 5 }),
    shards,
    counts: countsArbitrary,
  }),
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("claim" as const), shard: shardId, nowMs: timeMs, leaseUntilMs: timeMs }),
  },
  fc.record({ type: fc.constant("release" as const), shard: shardId, fence }),
  fc.record({
    type: fc.constant("release" as const),
    shard: shardId,
    fence,
    move: fc.record({ deployment, round: fence, excluded, notBeforeMs: timeMs }),
  }),
  fc.record({
    type: fc.constant("add-nested" as const),
    nested: fc.constant("n"),
    counts: countsArbitrary,
    costNanoUsd: cost,
  }),
  fc.record({ type: fc.constant("repair" as const), shard: shardId, fence, nowMs: timeMs }),
  {
    weight: 3,
    arbitrary: fc
      .record({
        type: fc.constant("commit" as const),
        shard: shardId,
        fence,
        segment: fc.constantFrom("1", "2"),
        counts: countsArbitrary,
        costNanoUsd: cost,
        opened: fc.array(shard, { maxLength: 2 }),
        apart: fc.boolean(),
      })
      .map(({ opened, apart, ...event }) => ({
        ...event,
        ...(apart ? { nested: "n" } : {}),
        children: Object.fromEntries(opened.map((child, index) => [childId(event.shard, index), child])),
      })),
  },
);

const batchEvent: fc.Arbitrary<BatchEvent> = fc.oneof(
  fc.constant<BatchEvent>({
    type: "create",
    batch: {
      id: "b",
      key: "uploads/a.jsonl",
      etag: "e",
      bytes: 1,
      policy: "v1",
      acceptedAtMs: 1,
      deadlineMs: 2,
      defaults: { tenant: "acme" },
    },
  }),
  fc.record({ type: fc.constant("planned" as const), chunks: fence, lines: fence, blankLines: fence }),
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("add-chunk" as const),
      number: fc.integer({ min: 0, max: 12 }),
      counts: countsArbitrary,
      costNanoUsd: cost,
    }),
  },
  fc.record({
    type: fc.constant("recount" as const),
    seen: countsArbitrary,
    counts: countsArbitrary,
    costNanoUsd: cost,
  }),
  fc.record({ type: fc.constant("ask-collect" as const), nowMs: timeMs }),
  fc.record({ type: fc.constant("cancel" as const), nowMs: timeMs }),
  fc.record({ type: fc.constant("end" as const), nowMs: timeMs }),
  fc.record({
    type: fc.constant("complete" as const),
    completedAtMs: timeMs,
    state: fc.constantFrom("completed" as const, "cancelled" as const),
  }),
  fc.record({ type: fc.constant("fail" as const), completedAtMs: timeMs, failure: fc.constant("Empty.") }),
  fc.constant<BatchEvent>({ type: "announced" }),
);

type Stores = { chunks: ChunkStore; batches: BatchStore; unique: () => string };

/** Whatever happens in whatever order, a store answers as the pure protocol says. */
export function memoryStoresAgree(stores: () => Stores): void {
  it("answers any sequence of chunk events as the protocol does", { timeout: 60_000 }, async () => {
    const { chunks, unique } = stores();
    const planFirst = chunkEvent.filter((event) => event.type === "plan" || event.type === "form");
    await fc.assert(
      fc.asyncProperty(planFirst, fc.array(chunkEvent, { maxLength: 20, size: "max" }), async (first, events) => {
        const [id, fake] = [`${unique()}/0`, memoryChunks()];
        for (const event of [first, ...events]) {
          expect(await chunks.apply(id, event)).toEqual(await fake.apply(id, event));
        }
        expect(await chunks.read(id)).toEqual(await fake.read(id));
      }),
      { numRuns: 40 },
    );
  });

  it("answers any sequence of batch events as the protocol does", { timeout: 60_000 }, async () => {
    const { batches, unique } = stores();
    await fc.assert(
      fc.asyncProperty(fc.array(batchEvent, { maxLength: 25, size: "max" }), async (events) => {
        const [id, fake] = [unique(), memoryBatches()];
        for (const event of events) expect(await batches.apply(id, event)).toEqual(await fake.apply(id, event));
      }),
      { numRuns: 25 },
    );
  });
}
