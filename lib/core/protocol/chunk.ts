import * as z from "zod";
import { CostByDeployment, Counts, noCounts } from "./counts.ts";
import { Shard } from "./shard.ts";
import type { Change, Item, Update } from "./update.ts";
import { applyUpdate } from "./update.ts";

/** The item that says which bytes of a chunk count. `forming` and `abandoned` are only of ad-hoc chunks. */
export const Chunk = z.object({
  state: z.enum(["forming", "planned", "abandoned"]),
  /** The batch and the chunk's number in it; neither for an ad-hoc chunk. */
  batch: z.string().optional(),
  number: z.int().nonnegative().optional(),
  /** Of a forming chunk: when its maker is given up, Unix milliseconds. */
  formingUntilMs: z.int().optional(),
  /** Key of the plan object that counts. */
  plan: z.string().optional(),
  policy: z.string().optional(),
  plannedAtMs: z.int().optional(),
  lines: z.int().nonnegative().optional(),
  shards: z.record(z.string(), Shard),
  /** Child chunks: items that hold the children for which this one had no room. */
  nested: z.record(z.string(), z.enum(["open", "done"])).default({}),
  /** Of a child chunk: the chunk that named it. */
  parent: z.string().optional(),
  counts: Counts,
  costNanoUsd: CostByDeployment,
});
export type Chunk = z.infer<typeof Chunk>;

export type ChunkEvent =
  | { type: "form"; formingUntilMs: number }
  | { type: "abandon"; nowMs: number }
  | {
      type: "plan";
      /** Of an ad-hoc chunk: it must still be forming. */
      adHoc: boolean;
      batch?: string;
      number?: number;
      plan: string;
      policy: string;
      plannedAtMs: number;
      lines: number;
      shards: Record<string, Shard>;
      counts: Counts;
    }
  /** Puts a child chunk, before the commit that names it. */
  | { type: "nest"; parent: string; of: Chunk; shards: Record<string, Shard> }
  /** Adds a child chunk that is done to the chunk that named it, once. */
  | { type: "add-nested"; nested: string; counts: Counts; costNanoUsd: CostByDeployment }
  | { type: "claim"; shard: string; nowMs: number; leaseUntilMs: number }
  /** Gives a whole open shard back, as it was or bound for another deployment or time. */
  | { type: "release"; shard: string; fence: number; move?: Move }
  /** Sweep found a shard with no owner for too long and has its message made again. */
  | { type: "repair"; shard: string; fence: number; nowMs: number }
  | {
      type: "commit";
      shard: string;
      fence: number;
      segment: string;
      counts: Counts;
      costNanoUsd: CostByDeployment;
      children: Record<string, Shard>;
      /** The child chunk that holds the children instead. */
      nested?: string;
    };

/** What changes of a shard that is given back. */
export type Move = Partial<Pick<Shard, "deployment" | "round" | "excluded" | "notBeforeMs" | "limited">>;

export type Refusal = "absent" | "exists" | "abandoned" | "planned" | "closed" | "leased" | "fenced";

/** The one conditional update that an event is. */
export function updateFor(event: ChunkEvent): Update {
  switch (event.type) {
    case "form":
      return {
        conditions: [{ kind: "absent", path: ["state"] }],
        changes: setAll({
          state: "forming",
          formingUntilMs: event.formingUntilMs,
          shards: {},
          nested: {},
          counts: noCounts,
          costNanoUsd: {},
        }),
      };
    case "abandon":
      return {
        conditions: [
          { kind: "equals", path: ["state"], value: "forming" },
          { kind: "at-most", path: ["formingUntilMs"], value: event.nowMs },
        ],
        changes: [{ kind: "set", path: ["state"], value: "abandoned" }],
      };
    case "plan":
      return {
        conditions: [
          event.adHoc ? { kind: "equals", path: ["state"], value: "forming" } : { kind: "absent", path: ["state"] },
        ],
        changes: setAll({
          state: "planned",
          batch: event.batch,
          number: event.number,
          plan: event.plan,
          policy: event.policy,
          plannedAtMs: event.plannedAtMs,
          lines: event.lines,
          shards: event.shards,
          nested: {},
          counts: event.counts,
          costNanoUsd: {},
        }),
      };
    case "nest": {
      const { batch, number, plan, policy, plannedAtMs } = event.of;
      return {
        conditions: [{ kind: "absent", path: ["state"] }],
        changes: setAll({
          state: "planned",
          batch,
          number,
          plan,
          policy,
          plannedAtMs,
          parent: event.parent,
          shards: event.shards,
          nested: {},
          counts: noCounts,
          costNanoUsd: {},
        }),
      };
    }
    case "add-nested":
      return {
        conditions: [{ kind: "equals", path: ["nested", event.nested], value: "open" }],
        changes: [
          { kind: "set", path: ["nested", event.nested], value: "done" },
          ...additions(event.counts, event.costNanoUsd),
        ],
      };
    // owner A  claim(fence 1) ──── stalls ─────────────── commit(fence 1) ✗ fenced
    // owner B                      claim(fence 2) ─ commit(fence 2) ✓
    case "claim":
      return {
        conditions: [
          { kind: "equals", path: ["shards", event.shard, "state"], value: "open" },
          { kind: "at-most", path: ["shards", event.shard, "leaseUntilMs"], value: event.nowMs },
        ],
        changes: [
          {
            kind: "copy",
            path: ["shards", event.shard, "foundLeaseMs"],
            from: ["shards", event.shard, "leaseUntilMs"],
          },
          { kind: "set", path: ["shards", event.shard, "leaseUntilMs"], value: event.leaseUntilMs },
          { kind: "add", path: ["shards", event.shard, "fence"], by: 1 },
        ],
      };
    case "release":
      return {
        conditions: held(event.shard, event.fence),
        changes: [
          { kind: "set", path: ["shards", event.shard, "leaseUntilMs"], value: 0 },
          ...Object.entries(event.move ?? {}).map(
            ([name, value]): Change => ({ kind: "set", path: ["shards", event.shard, name], value }),
          ),
        ],
      };
    case "repair":
      return {
        conditions: [
          ...held(event.shard, event.fence),
          { kind: "at-most", path: ["shards", event.shard, "leaseUntilMs"], value: event.nowMs },
        ],
        changes: [
          { kind: "set", path: ["shards", event.shard, "repairedAtMs"], value: event.nowMs },
          { kind: "add", path: ["shards", event.shard, "repairs"], by: 1 },
        ],
      };
    case "commit":
      return {
        conditions: held(event.shard, event.fence),
        changes: [
          { kind: "set", path: ["shards", event.shard, "state"], value: "closed" },
          { kind: "set", path: ["shards", event.shard, "leaseUntilMs"], value: 0 },
          { kind: "set", path: ["shards", event.shard, "segment"], value: event.segment },
          ...Object.entries(event.children).map(
            ([id, shard]): Change => ({ kind: "set", path: ["shards", id], value: shard }),
          ),
          ...(event.nested === undefined
            ? []
            : [{ kind: "set", path: ["nested", event.nested], value: "open" } satisfies Change]),
          ...additions(event.counts, event.costNanoUsd),
        ],
      };
  }
}

/** Why an event is refused by the state it met; undefined when it is not. */
export function refusalOf(chunk: Chunk | undefined, event: ChunkEvent): Refusal | undefined {
  switch (event.type) {
    case "form":
      return chunk === undefined ? undefined : "exists";
    case "abandon":
      if (chunk?.state !== "forming") return chunk === undefined ? "absent" : chunk.state;
      return (chunk.formingUntilMs ?? 0) <= event.nowMs ? undefined : "leased";
    case "plan":
      if (chunk === undefined) return event.adHoc ? "absent" : undefined;
      if (chunk.state === "forming") return event.adHoc ? undefined : "exists";
      return chunk.state;
    case "nest":
      return chunk === undefined ? undefined : "exists";
    case "add-nested": {
      const nested = chunk?.nested[event.nested];
      if (nested === undefined) return "absent";
      return nested === "open" ? undefined : "closed";
    }
    case "claim": {
      const shard = chunk?.shards[event.shard];
      if (shard === undefined) return "absent";
      if (shard.state === "closed") return "closed";
      return shard.leaseUntilMs <= event.nowMs ? undefined : "leased";
    }
    case "release":
    case "repair":
    case "commit": {
      const shard = chunk?.shards[event.shard];
      if (shard === undefined) return "absent";
      if (shard.state === "closed") return "closed";
      if (shard.fence !== event.fence) return "fenced";
      return event.type === "repair" && shard.leaseUntilMs > event.nowMs ? "leased" : undefined;
    }
  }
}

/** State and event in, state or refusal out: what every store must do. */
export function transition(
  chunk: Chunk | undefined,
  event: ChunkEvent,
): { kind: "applied"; chunk: Chunk } | { kind: "refused"; because: Refusal } {
  const because = refusalOf(chunk, event);
  if (because !== undefined) return { kind: "refused", because };
  const item: Item | undefined = chunk;
  return { kind: "applied", chunk: Chunk.parse(applyUpdate(item, updateFor(event))) };
}

function held(shard: string, fence: number): Update["conditions"] {
  return [
    { kind: "equals", path: ["shards", shard, "state"], value: "open" },
    { kind: "equals", path: ["shards", shard, "fence"], value: fence },
  ];
}

function additions(counts: Counts, costNanoUsd: CostByDeployment): Change[] {
  return [
    ...Object.entries(counts)
      .filter(([, by]) => by !== 0)
      .map(([name, by]): Change => ({ kind: "add", path: ["counts", name], by })),
    ...Object.entries(costNanoUsd).map(([name, by]): Change => ({ kind: "add", path: ["costNanoUsd", name], by })),
  ];
}

function setAll(values: Record<string, unknown>): Change[] {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]): Change => ({ kind: "set", path: [name], value }));
}
