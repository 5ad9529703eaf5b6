import { describe, expect, it } from "vitest";
import type { Chunk, ChunkEvent } from "../../../lib/core/protocol/chunk.ts";
import { type Refusal, transition } from "../../../lib/core/protocol/chunk-transition.ts";
import { freshShard } from "../../../lib/core/protocol/shard.ts";

const counts = (succeeded: number) => ({ succeeded, failed: 0, cancelled: 0 });
const plan = {
  type: "plan",
  adHoc: false,
  plan: "plans/b-1/0/x.json",
  policy: "v1",
  plannedAtMs: 0,
  lines: 5,
  shards: {
    "0": freshShard({ deployment: "nova-lite", zone: "general", lines: 3, from: 0 }),
    "1": freshShard({ deployment: "nova-lite", zone: "general", lines: 2, from: 3 }),
  },
  counts: counts(0),
} satisfies ChunkEvent;
const form = { type: "form", formingUntilMs: 50 } satisfies ChunkEvent;
const claim = (nowMs: number, shard = "0") =>
  ({ type: "claim", shard, nowMs, leaseUntilMs: nowMs + 100 }) satisfies ChunkEvent;
const release = (fence: number) => ({ type: "release", shard: "0", fence }) satisfies ChunkEvent;
const repair = (fence: number, nowMs: number) => ({ type: "repair", shard: "0", fence, nowMs }) satisfies ChunkEvent;
const commit = (fence: number, shard = "0") =>
  ({
    type: "commit",
    shard,
    fence,
    segment: String(fence),
    counts: counts(3),
    costNanoUsd: { "nova-lite": 7 },
    children: {},
  }) satisfies ChunkEvent;

/** Runs events one after the other; "ok" or why each was refused, and what the chunk is at the end. */
function run(events: readonly ChunkEvent[]): { outcomes: ("ok" | Refusal)[]; chunk: Chunk | undefined } {
  let chunk: Chunk | undefined;
  const outcomes = events.map((event) => {
    const after = transition(chunk, event);
    if (after.kind === "refused") return after.because;
    chunk = after.chunk;
    return "ok";
  });
  return { outcomes, chunk };
}

type Timeline = { name: string; events: ChunkEvent[]; outcomes: ("ok" | Refusal)[] };

const timelines: Timeline[] = [
  { name: "a chunk is planned once", events: [plan, plan], outcomes: ["ok", "planned"] },
  { name: "nothing is claimed before the plan", events: [claim(0)], outcomes: ["absent"] },
  { name: "a shard that the plan has not is not claimed", events: [plan, claim(0, "9")], outcomes: ["ok", "absent"] },
  {
    name: "a lease keeps others out until it is over",
    events: [plan, claim(0), claim(99), claim(100)],
    outcomes: ["ok", "ok", "leased", "ok"],
  },
  { name: "shards are claimed apart", events: [plan, claim(0), claim(0, "1")], outcomes: ["ok", "ok", "ok"] },
  // owner A  claim(1) ──── stalls ───────────────── commit(1) ✗
  // owner B                 claim(2) ── commit(2) ✓
  {
    name: "an owner that was overtaken commits nothing, before or after the other did",
    events: [plan, claim(0), claim(100), commit(1), commit(2), commit(1)],
    outcomes: ["ok", "ok", "ok", "fenced", "ok", "closed"],
  },
  {
    name: "an owner whose lease is over may commit while nobody has overtaken it",
    events: [plan, claim(0), commit(1)],
    outcomes: ["ok", "ok", "ok"],
  },
  {
    name: "a commit that is repeated is refused",
    events: [plan, claim(0), commit(1), commit(1)],
    outcomes: ["ok", "ok", "ok", "closed"],
  },
  {
    name: "a closed shard is never claimed again",
    events: [plan, claim(0), commit(1), claim(999)],
    outcomes: ["ok", "ok", "ok", "closed"],
  },
  {
    name: "a released shard is claimed at once, and not released by who was overtaken",
    events: [plan, claim(0), release(1), claim(1), release(1), commit(1), commit(2)],
    outcomes: ["ok", "ok", "ok", "ok", "fenced", "fenced", "ok"],
  },
  { name: "nobody commits without a claim", events: [plan, commit(1)], outcomes: ["ok", "fenced"] },
  {
    name: "a shard is repaired only as it was seen, and when nobody holds it",
    events: [plan, repair(0, 0), claim(0), repair(0, 500), repair(1, 99), repair(1, 100), commit(1), repair(1, 500)],
    outcomes: ["ok", "ok", "ok", "fenced", "leased", "ok", "ok", "closed"],
  },
  {
    name: "an ad-hoc chunk is planned by its maker",
    events: [form, form, { ...plan, adHoc: true }, { type: "abandon", nowMs: 99 }],
    outcomes: ["ok", "exists", "ok", "planned"],
  },
  {
    name: "a maker that was given up plans nothing",
    events: [form, { type: "abandon", nowMs: 49 }, { type: "abandon", nowMs: 50 }, { ...plan, adHoc: true }, form],
    outcomes: ["ok", "leased", "ok", "abandoned", "exists"],
  },
  { name: "an ad-hoc chunk must have been formed", events: [{ ...plan, adHoc: true }], outcomes: ["absent"] },
];

describe("a chunk's events", () => {
  it.each(timelines)("$name", ({ events, outcomes }) => {
    expect(run(events).outcomes).toEqual(outcomes);
  });

  it("says to a new owner whether the one before it was lost", () => {
    const afterRelease = run([plan, claim(0), release(1), claim(1)]).chunk;
    const afterLoss = run([plan, claim(0), claim(100)]).chunk;

    expect(afterRelease?.shards["0"]?.foundLeaseMs).toBe(0);
    expect(afterLoss?.shards["0"]?.foundLeaseMs).toBe(100);
  });

  it("adds the counts and cost of each shard once", () => {
    const { chunk } = run([plan, claim(0), claim(0, "1"), commit(1), commit(1), commit(1, "1"), commit(1, "1")]);

    expect(chunk?.counts).toEqual(counts(6));
    expect(chunk?.costNanoUsd).toEqual({ "nova-lite": 14 });
  });

  it("leaves the state that it was given as it is", () => {
    const { chunk } = run([plan]);
    const before = structuredClone(chunk);

    transition(chunk, claim(0));

    expect(chunk).toEqual(before);
  });
});
