import type { BatchStore } from "../../lib/core/ports.ts";
import { type Batch, batchTransition } from "../../lib/core/protocol/batch.ts";

/** The batch store that `batchTransition` defines, in memory; `items` is what it holds. */
export function memoryBatches(): BatchStore & { items: Map<string, Batch> } {
  const items = new Map<string, Batch>();
  return {
    items,
    async apply(id, event) {
      const after = batchTransition(items.get(id), event);
      if (after !== undefined) items.set(id, after);
      return { applied: after !== undefined, batch: structuredClone(items.get(id)) };
    },
    async read(id) {
      return structuredClone(items.get(id));
    },
    async list(limit) {
      const newest = [...items.values()].sort((a, b) => b.acceptedAtMs - a.acceptedAtMs);
      return structuredClone(newest.slice(0, limit));
    },
  };
}
