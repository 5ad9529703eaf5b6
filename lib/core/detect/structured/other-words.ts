import type { NumberSite } from "./number-site.ts";

/** Behind these a word in front describes no further number: another number, a column, a line, a sentence. */
const spentBefore = /[\d\n,;|]|[.!?]\s+\p{Lu}/u;
const spentBehind = /\n|[.!?]\s+\p{Lu}/u;

/** Whether a word near, and nothing that ends its reach between, says that the number is an order's, a price or the like. */
export function saysOther({ text, start, end, groups, context }: NumberSite): boolean {
  const { before, after } = context();
  const behind = groups.at(-1)?.end ?? end;
  return (
    before.some(
      ({ topics, distance }) => topics.includes("other") && !spentBefore.test(text.slice(start - distance, start)),
    ) ||
    after.some(
      ({ topics, distance }) => topics.includes("other") && !spentBehind.test(text.slice(behind, behind + distance)),
    )
  );
}
