import { describe, expect, it } from "vitest";
import type { Outgoing } from "../../../lib/core/ports.ts";
import { ShardMessage } from "../../../lib/core/protocol/messages.ts";
import { encodePick } from "../../../lib/core/protocol/pick.ts";
import { freshShard } from "../../../lib/core/protocol/shard.ts";
import { settle } from "../../../lib/core/work/settle.ts";
import { memoryBatches } from "../../fakes/memory-batches.ts";
import { memoryChunks } from "../../fakes/memory-chunks.ts";
import { memoryOpen } from "../../fakes/memory-open.ts";

const common = { deployment: "a", zone: "general", round: 0, excluded: {} } as const;
const closed = { state: "closed", fence: 1 } as const;
const planned = {
  state: "planned",
  batch: "b",
  number: 0,
  plan: "plans/p",
  policy: "p",
  plannedAtMs: 0,
  lines: 4,
  counts: { succeeded: 0, failed: 0, cancelled: 0 },
  costNanoUsd: {},
} as const;
/** A shard of 4 jobs that became two parts, in a child chunk; the second of these was parted again. */
const chunk = {
  ...planned,
  shards: { "0": { ...freshShard({ ...common, lines: 4, from: 0 }), ...closed } },
  nested: { "b/0~0~1": "open" as const },
};
const child = {
  ...planned,
  parent: "b/0",
  nested: {},
  shards: {
    "0.0": freshShard({ ...common, lines: 2, pick: encodePick([0, 1], 4) }),
    "0.1": { ...freshShard({ ...common, lines: 2, pick: encodePick([2, 3], 4) }), ...closed },
    "0.1.0": freshShard({ ...common, lines: 1, pick: encodePick([0], 2) }),
    "0.1.1": freshShard({ ...common, lines: 1, pick: encodePick([1], 2) }),
  },
};
const message = ShardMessage.parse({
  ...{ v: 1, chunk: "b/0", shard: "0", zone: "general", policy: "p" },
  payload: { kind: "object", key: "payloads/x" },
});

describe("a message whose shard is closed", () => {
  it("sends its own children again that lie in a child chunk, and none of theirs: these pick from other jobs", async () => {
    const sent: Outgoing[] = [];
    const queue = { send: async (messages: readonly Outgoing[]) => void sent.push(...messages) };
    const chunks = memoryChunks();
    chunks.items.set("b/0~0~1", child);

    await settle(message, chunk, {
      chunks,
      clock: () => 0,
      random: () => 0,
      batches: memoryBatches(),
      open: memoryOpen(),
      collect: queue,
      lanes: { queueFor: () => queue },
    });

    const messages = sent.map(({ body }) => ShardMessage.parse(JSON.parse(body)));
    expect(messages.map(({ shard, payload }) => [shard, payload])).toEqual([
      ["0.0", { kind: "object", key: "payloads/x", pick: encodePick([0, 1], 2) }],
    ]);
  });
});
