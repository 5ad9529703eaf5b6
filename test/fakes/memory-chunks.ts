import type { ChunkStore } from "../../lib/core/ports.ts";
import type { Chunk } from "../../lib/core/protocol/chunk.ts";
import { transition } from "../../lib/core/protocol/chunk-transition.ts";

/** The chunk store that `transition` defines, in memory; `items` is what it holds. */
export function memoryChunks(): ChunkStore & { items: Map<string, Chunk> } {
  const items = new Map<string, Chunk>();
  return {
    items,
    async apply(id, event) {
      const chunk = items.get(id);
      const after = transition(chunk, event);
      if (after.kind === "refused") return { ...after, chunk: structuredClone(chunk) };
      items.set(id, after.chunk);
      return { kind: "applied", chunk: structuredClone(after.chunk) };
    },
    async read(id) {
      return structuredClone(items.get(id));
    },
  };
}
