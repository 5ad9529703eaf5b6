import type { ChunkStore } from "../../lib/core/ports.ts";
import type { Chunk } from "../../lib/core/protocol/chunk.ts";
import { transition } from "../../lib/core/protocol/chunk-transition.ts";

/** The chunk store that `transition` defines, in memory; `items` is what it holds. Nobody can write to what it gives. */
export function memoryChunks(): ChunkStore & { items: Map<string, Chunk> } {
  const items = new Map<string, Chunk>();
  return {
    items,
    async apply(id, event) {
      const chunk = items.get(id);
      const after = transition(chunk, event);
      if (after.kind === "refused") return { ...after, chunk };
      items.set(id, freeze(after.chunk));
      return after;
    },
    async read(id) {
      return items.get(id);
    },
  };
}

/** Cheaper than a copy for every reader: chunks of some tests are large. */
function freeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) freeze(part);
  return Object.freeze(value);
}
