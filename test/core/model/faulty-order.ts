import { addCost, addCounts } from "../../../lib/core/protocol/counts.ts";
import { ShardMessage } from "../../../lib/core/protocol/messages.ts";
import { placeOf } from "../../../lib/core/protocol/shard.ts";
import { childMessage } from "../../../lib/core/work/shard-message.ts";
import type { Ports } from "./ports.ts";
import type { Protocol } from "./protocol.ts";

type Order = Protocol["ports"];

/** What would follow from a commit, done before it. */
const beforeCommit = (ports: Ports, does: (id: string, event: Commit) => Promise<void>): Ports => ({
  ...ports,
  chunks: {
    read: ports.chunks.read,
    async apply(id, event) {
      if (event.type === "commit") await does(id, event);
      return ports.chunks.apply(id, event);
    },
  },
});
type Commit = Extract<Parameters<Ports["chunks"]["apply"]>[1], { type: "commit" }>;

/** Children's messages leave before the commit that makes them, and not after it. */
export const sendingEarly: Order = (ports, { body }) => {
  const sent = new Set<string>();
  const shardOf = (text: string) => /"shard":"([^"]*)"/.exec(text)?.[1] ?? "";
  const early = beforeCommit(ports, async (_, { children }) => {
    for (const [id, shard] of Object.entries(children)) {
      const message = childMessage(ShardMessage.parse(JSON.parse(body)), id, shard);
      const to = `${placeOf(shard)} ${shard.deployment} ${shard.zone}`;
      await ports.queue(to).send([{ body: JSON.stringify(message) }]);
      sent.add(id);
    }
  });
  return {
    ...early,
    queue: (name) => ({
      async send(messages) {
        const rest = messages.filter((message) => !sent.has(shardOf(message.body)));
        if (rest.length > 0) await ports.queue(name).send(rest);
      },
    }),
  };
};

/** A chunk is added to its batch before the last of its shards is closed. */
export const addingEarly: Order = (ports) =>
  beforeCommit(ports, async (id, { shard, counts, costNanoUsd, children }) => {
    const chunk = await ports.chunks.read(id);
    const others = Object.entries(chunk?.shards ?? {}).filter(
      ([name, { state }]) => name !== shard && state === "open",
    );
    if (chunk?.batch === undefined || others.length > 0 || Object.keys(children).length > 0) return;
    await ports.batches.apply(chunk.batch, {
      type: "add-chunk",
      number: chunk.number ?? 0,
      counts: addCounts(chunk.counts, counts),
      costNanoUsd: addCost(chunk.costNanoUsd, costNanoUsd),
    });
  });

/** A segment is written after the commit that names it. */
export const writingLate: Order = (ports) => {
  const held: (() => Promise<void>)[] = [];
  return {
    ...ports,
    general: {
      ...ports.general,
      async put(key, body) {
        if (key.startsWith("segments/")) held.push(() => ports.general.put(key, body));
        else await ports.general.put(key, body);
      },
    },
    chunks: {
      read: ports.chunks.read,
      async apply(id, event) {
        const applied = await ports.chunks.apply(id, event);
        for (const write of held.splice(0)) await write();
        return applied;
      },
    },
  };
};
