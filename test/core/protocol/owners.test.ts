import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Batch, batchTransition, isConserved } from "../../../lib/core/protocol/batch.ts";
import type { Chunk } from "../../../lib/core/protocol/chunk.ts";
import { transition } from "../../../lib/core/protocol/chunk-transition.ts";
import { noCounts } from "../../../lib/core/protocol/counts.ts";
import { afterClose } from "../../../lib/core/protocol/effects.ts";
import { decodePick, encodePick } from "../../../lib/core/protocol/pick.ts";
import { type Segment, type SegmentRecord, segmentOf } from "../../../lib/core/protocol/segment.ts";
import { childId, freshShard } from "../../../lib/core/protocol/shard.ts";

// A chunk of one root shard, two owners, a queue that delivers what it likes as often as it likes. At every step an owner
// may stop for ever or let the other overtake it. Whatever happens: one result a line, one committed segment a shard.

const lines = 6;
const leaseMs = 10;

class World {
  nowMs = 0;
  chunk: Chunk;
  batch: Batch | undefined;
  segments = new Map<string, Segment>();
  messages = new Set(["0"]);
  /** Of lines that a call answered: how often. */
  calls = 0;

  constructor() {
    const shards = { "0": freshShard({ deployment: "a", zone: "general", lines, from: 0 }) };
    const place = { batch: "b", number: 0, plan: "p", policy: "v", plannedAtMs: 0, lines };
    const planned = transition(undefined, { type: "plan", adHoc: false, ...place, shards, counts: noCounts });
    if (planned.kind === "refused") throw new Error(planned.because);
    this.chunk = planned.chunk;
    const batch = { id: "b", key: "k", etag: "e", bytes: 1, policy: "v", acceptedAtMs: 0, deadlineMs: 1, defaults: {} };
    this.batch = batchTransition(batchTransition(undefined, { type: "create", batch }), {
      type: "planned",
      chunks: 1,
      lines,
      blankLines: 0,
    });
  }

  apply(event: Parameters<typeof transition>[1]): ReturnType<typeof transition> {
    const after = transition(this.chunk, event);
    if (after.kind === "applied") this.chunk = after.chunk;
    return after;
  }

  /** Which lines a shard has. */
  linesOf(shard: string): number[] {
    const parent = shard.lastIndexOf(".") < 0 ? undefined : shard.slice(0, shard.lastIndexOf("."));
    if (parent === undefined) return Array.from({ length: lines }, (_, line) => line);
    const held = this.linesOf(parent);
    return decodePick(this.chunk.shards[shard]?.pick ?? "").flatMap((index) => held[index] ?? []);
  }

  /** What is left of a cancelled batch: nothing is called. */
  cancel(shard: string): Segment {
    return segmentOf(
      this.linesOf(shard).map((line): SegmentRecord => ({ line, attempts: [], result: { kind: "cancelled" } })),
      {},
    );
  }

  /** Calls the shard's deployment: each job ends or, now and then, goes on in a child. */
  call(shard: string, fence: number): Segment {
    const mine = this.linesOf(shard);
    const goesOn = mine.map((_, index) => shard.length < 5 && (index + fence + shard.length) % 3 === 0);
    const records = mine.map((line, index): SegmentRecord => {
      this.calls += 1;
      const attempt = {
        startedAtMs: 0,
        latencyMs: 1,
        inputTokens: 1,
        outputTokens: 1,
        costNanoUsd: fence * 100 + line,
      };
      return {
        line,
        attempts: [{ deployment: "a", outcome: "ok", ...attempt }],
        ...(goesOn[index] === true ? {} : { result: { kind: "succeeded", deployment: "a", response: {} } }),
      };
    });
    const picked = mine.flatMap((_, index) => (goesOn[index] === true ? [index] : []));
    const child = {
      deployment: "a",
      zone: "general",
      lines: picked.length,
      pick: encodePick(picked, mine.length),
    } as const;
    return segmentOf(records, picked.length === 0 ? {} : { [childId(shard, 0)]: freshShard(child) });
  }

  /** What a worker does with one message; it can be stopped at every yield. */
  *owner(shard: string): Generator<void> {
    const claimed = this.apply({ type: "claim", shard, nowMs: this.nowMs, leaseUntilMs: this.nowMs + leaseMs });
    yield;
    if (claimed.kind === "refused") {
      if (claimed.because !== "closed") return;
    } else {
      const fence = claimed.chunk.shards[shard]?.fence ?? 0;
      const earlier = Array.from({ length: fence - 1 }, (_, before) => fence - 1 - before);
      const name = earlier.find((before) => this.segments.has(`${shard}/${before}`)) ?? fence;
      const next = () => (this.batch?.cancelledAtMs === undefined ? this.call(shard, fence) : this.cancel(shard));
      const segment = this.segments.get(`${shard}/${name}`) ?? next();
      yield;
      this.segments.set(`${shard}/${name}`, segment);
      yield;
      const committed = this.apply({ type: "commit", shard, fence, segment: String(name), ...segment.header });
      if (committed.kind === "refused" && committed.because !== "closed") return;
      yield;
    }
    for (const effect of afterClose(this.chunk, shard)) {
      if (effect.kind === "send") this.messages.add(effect.shard);
      if (effect.kind === "add-to-batch") {
        const { counts, costNanoUsd } = this.chunk;
        this.batch =
          batchTransition(this.batch, { type: "add-chunk", number: effect.number, counts, costNanoUsd }) ?? this.batch;
      }
      yield;
    }
    this.messages.delete(shard);
  }
}

const move = fc.record({
  owner: fc.nat({ max: 1 }),
  does: fc.oneof(
    { weight: 8, arbitrary: fc.constant("step" as const) },
    { weight: 1, arbitrary: fc.constant("stop" as const) },
    { weight: 2, arbitrary: fc.constant("wait" as const) },
    { weight: 1, arbitrary: fc.constant("cancel" as const) },
  ),
  message: fc.nat(),
});

describe("two owners of a chunk", () => {
  it("leave one result a line and one committed segment a shard, wherever they stop", () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 120, size: "max" }), (moves) => {
        const world = new World();
        const owners: (Generator<void> | undefined)[] = [undefined, undefined];
        for (const { owner, does, message } of moves) {
          const waiting = [...world.messages];
          if (does === "wait") world.nowMs += leaseMs;
          else if (does === "cancel")
            world.batch = batchTransition(world.batch, { type: "cancel", nowMs: world.nowMs }) ?? world.batch;
          else if (does === "stop") owners[owner] = undefined;
          else {
            const next = waiting[message % Math.max(1, waiting.length)];
            const working = owners[owner] ?? (next === undefined ? undefined : world.owner(next));
            owners[owner] = working?.next().done === true ? undefined : working;
          }
        }
        // In the end somebody comes by for every message that is left.
        while (world.messages.size > 0) {
          world.nowMs += leaseMs;
          for (const shard of [...world.messages]) for (const _ of world.owner(shard));
        }

        const shards = Object.entries(world.chunk.shards);
        const counting = shards.map(([id, { segment }]) => world.segments.get(`${id}/${segment}`));
        const ended = counting.flatMap(
          (segment) => segment?.records.filter(({ result }) => result !== undefined) ?? [],
        );
        const charged = counting.flatMap((segment) => segment?.records.flatMap(({ attempts }) => attempts) ?? []);
        expect(shards.every(([, { state }]) => state === "closed")).toBe(true);
        expect(ended.map(({ line }) => line).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
        const stopped = ended.filter(({ result }) => result?.kind === "cancelled");
        expect(world.batch?.counts.cancelled).toBe(stopped.length);
        if (world.batch?.cancelledAtMs === undefined) expect(stopped).toEqual([]);
        expect(world.chunk.costNanoUsd.a ?? 0).toBe(charged.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0));
        expect(world.batch?.chunksDone).toEqual([0]);
        expect(world.batch?.costNanoUsd).toEqual(world.chunk.costNanoUsd);
        expect(world.batch && isConserved(world.batch)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("call again only what no lost owner wrote down", () => {
    const world = new World();
    const lost = world.owner("0");
    for (let step = 0; step < 3; step++) lost.next();
    const before = world.calls;
    world.nowMs += leaseMs;

    for (const _ of world.owner("0"));

    expect(world.calls).toBe(before);
    expect(world.chunk.shards["0"]).toMatchObject({ state: "closed", fence: 2, segment: "1" });
  });
});
