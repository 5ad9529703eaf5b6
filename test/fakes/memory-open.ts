import type { OpenEntry, OpenStore } from "../../lib/core/ports.ts";

/** Markers of what is in flight, in memory. */
export function memoryOpen(): OpenStore & { items: Map<string, OpenEntry> } {
  const items = new Map<string, OpenEntry>();
  const keyOf = ({ kind, id }: Pick<OpenEntry, "kind" | "id">) => `${kind}#${id}`;
  return {
    items,
    async add(entry) {
      if (!items.has(keyOf(entry))) items.set(keyOf(entry), { ...entry });
    },
    async remove(entry) {
      items.delete(keyOf(entry));
    },
    async *list() {
      yield* [...items.values()].map((entry) => ({ ...entry }));
    },
  };
}
