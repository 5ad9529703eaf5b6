import type { AnswerPointer, AnswerStore } from "../../lib/core/ports.ts";

/** Where answers are, in memory; and how often somebody asked for which. */
export function memoryAnswers(): AnswerStore & { items: Map<string, AnswerPointer>; asked: string[] } {
  const items = new Map<string, AnswerPointer>();
  const asked: string[] = [];
  return {
    items,
    asked,
    async read(keys) {
      asked.push(...keys);
      return new Map(
        keys.flatMap((key) => {
          const pointer = items.get(key);
          return pointer === undefined ? [] : [[key, structuredClone(pointer)]];
        }),
      );
    },
    async put(key, pointer) {
      items.set(key, structuredClone(pointer));
    },
  };
}
