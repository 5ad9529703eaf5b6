import { describe, expect, it } from "vitest";
import type { Batch } from "../../../lib/core/protocol/batch.ts";
import { batchTransition, isConserved } from "../../../lib/core/protocol/batch.ts";
import type { Chunk } from "../../../lib/core/protocol/chunk.ts";
import { transition } from "../../../lib/core/protocol/chunk-transition.ts";
import { noCounts } from "../../../lib/core/protocol/counts.ts";
import { afterAdd, afterClose, isDone, unclaimed, whenDone } from "../../../lib/core/protocol/effects.ts";
import { freshShard, type Shard } from "../../../lib/core/protocol/shard.ts";

const open = (parts: Partial<Shard> = {}): Shard => ({
  ...freshShard({ deployment: "nova-lite", zone: "general", lines: 1 }),
  ...parts,
});
const closed = open({ state: "closed", fence: 1, segment: "1" });
const chunkOf = (shards: Record<string, Shard>): Chunk => ({
  state: "planned",
  batch: "b-1",
  number: 3,
  shards,
  nested: {},
  counts: noCounts,
  costNanoUsd: {},
});

describe("what follows from a closed shard", () => {
  it("is its children's messages, to where each belongs", () => {
    const waits = open({ excluded: { "nova-lite": "transient" } });
    const chunk = chunkOf({ "0": closed, "0.0": open(), "0.1": waits, "1": open(), "10": open(), "0.0.0": open() });

    expect(afterClose(chunk, "0")).toEqual([
      { kind: "send", shard: "0.0", place: "lane" },
      { kind: "send", shard: "0.1", place: "fallback" },
    ]);
  });

  it("is, when it is seen again, only the children that nobody claimed", () => {
    const chunk = chunkOf({ "0": closed, "0.0": open({ fence: 1 }), "0.1": open(), "0.2": closed });

    expect(afterClose(chunk, "0")).toEqual([{ kind: "send", shard: "0.1", place: "lane" }]);
  });

  it("is adding the chunk to its batch when it was the last, and again when it is seen again", () => {
    const chunk = chunkOf({ "0": closed, "0.0": closed, "1": closed });

    expect(isDone(chunk)).toBe(true);
    expect(afterClose(chunk, "0")).toEqual([{ kind: "add-to-batch", batch: "b-1", number: 3 }]);
    expect(afterClose(chunk, "1")).toEqual(afterClose(chunk, "0"));
  });

  it("is nothing for a batch when the chunk has none", () => {
    const { batch: _batch, number: _number, ...adHoc } = chunkOf({ "0": closed });

    expect(afterClose(adHoc, "0")).toEqual([]);
  });
});

describe("what follows from a plan", () => {
  it("is the messages of the shards that nobody claimed", () => {
    const chunk = chunkOf({ "0": open(), "1": open({ fence: 2 }), "2": closed });

    expect(unclaimed(chunk)).toEqual([{ kind: "send", shard: "0", place: "lane" }]);
  });

  it("is adding the chunk at once when no line reached a lane", () => {
    expect(whenDone(chunkOf({}))).toEqual([{ kind: "add-to-batch", batch: "b-1", number: 3 }]);
  });
});

describe("a chunk with child chunks", () => {
  const child = { "b-1/3~0~2": "open" } as const;

  it("sends the child chunk's messages when the shard that it is of was closed", () => {
    expect(afterClose({ ...chunkOf({ "0": closed }), nested: child }, "0")).toEqual([
      { kind: "send-nested", chunk: "b-1/3~0~2" },
    ]);
    expect(afterClose({ ...chunkOf({ "0": closed, "1": closed }), nested: child }, "1")).toEqual([]);
  });

  it("is done when they are, and each is added to it once", () => {
    const parent: Chunk = { ...chunkOf({ "0": closed }), nested: child };
    const event = {
      type: "add-nested",
      nested: "b-1/3~0~2",
      counts: { succeeded: 2, failed: 0, cancelled: 0 },
      costNanoUsd: { "nova-lite": 7 },
    } as const;

    const once = transition(parent, event);

    expect(isDone(parent)).toBe(false);
    if (once.kind !== "applied") throw new Error("refused");
    expect(isDone(once.chunk)).toBe(true);
    expect(once.chunk).toMatchObject({ counts: { succeeded: 2 }, costNanoUsd: { "nova-lite": 7 } });
    expect(transition(once.chunk, event)).toEqual({ kind: "refused", because: "closed" });
  });
});

describe("a batch's chunks", () => {
  const created = batchTransition(undefined, {
    type: "create",
    batch: { id: "b-1", key: "k", etag: "e", bytes: 1, policy: "v1", acceptedAtMs: 0, deadlineMs: 9, defaults: {} },
  });
  const add = (batch: Batch | undefined, number: number) =>
    batchTransition(batch, {
      type: "add-chunk",
      number,
      counts: { succeeded: 2, failed: 0, cancelled: 0 },
      costNanoUsd: { "nova-lite": 5 },
    });
  const planned = (batch: Batch | undefined) =>
    batchTransition(batch, { type: "planned", chunks: 2, lines: 4, blankLines: 0 });

  it("are each added once, and then add up to its lines", () => {
    const first = planned(add(created, 1));
    const both = add(first, 0);

    expect(add(first, 1)).toBeUndefined();
    expect(both).toMatchObject({ chunksDone: [0, 1], costNanoUsd: { "nova-lite": 10 } });
    expect(both && isConserved(both)).toBe(true);
    expect(first && isConserved(first)).toBe(false);
  });

  it("lead to collect when the last is added, in whichever order plan and chunks end", () => {
    const planLast = planned(add(add(created, 0), 1));
    const chunkLast = add(planned(add(created, 0)), 1);
    const missing = planned(add(created, 0));

    expect(planLast && afterAdd(planLast)).toEqual([{ kind: "collect" }]);
    expect(chunkLast && afterAdd(chunkLast)).toEqual([{ kind: "collect" }]);
    expect(missing && afterAdd(missing)).toEqual([]);
  });

  it("lead to no collect of a batch that is completed", () => {
    const running = planned(add(add(created, 0), 1));
    const completed = batchTransition(running, { type: "complete", completedAtMs: 5, state: "completed" });

    expect(completed && afterAdd(completed)).toEqual([]);
  });
});
