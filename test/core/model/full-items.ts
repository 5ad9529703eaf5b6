import { nestedOf, roomyItemBytes } from "../../../lib/core/protocol/nested.ts";
import type { Protocol } from "./protocol.ts";

const filling = "x".repeat(roomyItemBytes);

/** The protocol as it is over chunks without room, and child chunks that have some: an owner sees its chunk as large as an item may be. */
export function withFullItems(protocol: Protocol): Protocol {
  return {
    ...protocol,
    ports: (ports, task) => {
      const inner = protocol.ports(ports, task);
      return {
        ...inner,
        chunks: {
          read: inner.chunks.read,
          async apply(id, event) {
            // What fills it stays out of the stores, where it would only be copied.
            if (event.type === "nest") return inner.chunks.apply(id, { ...event, of: { ...event.of, policy: "p1" } });
            const applied = await inner.chunks.apply(id, event);
            if (event.type !== "claim" || applied.kind === "refused" || nestedOf(id) !== undefined) return applied;
            return { ...applied, chunk: { ...applied.chunk, policy: filling } };
          },
        },
      };
    },
  };
}
