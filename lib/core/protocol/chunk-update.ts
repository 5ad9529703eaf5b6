import type { ChunkEvent } from "./chunk.ts";
import { type CostByDeployment, type Counts, noCounts } from "./counts.ts";
import type { Change, Update } from "./update.ts";

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
