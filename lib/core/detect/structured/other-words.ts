import type { NumberSite } from "./number-site.ts";

/** Behind these a word in front describes no further number: another number, a column, a line, a sentence. */
const spentBefore = /[\d\n,;|]|[.!?]\s+\p{Lu}/u;
const spentBehind = /\n|[.!?]\s+\p{Lu}/u;

/** Behind a word that describes the number that follows it: invoice 55, "amount":55. */
const ownNumber = /^[\s"'#:=]{0,3}\d/;
const none: ReadonlySet<string> = new Set();

/**
 * Whether a word near, and nothing that ends its reach between, says that the number is an order's, a price or the like.
 * @param except words, in lower case, that say nothing of such a number
 */
export function saysOther({ text, start, end, groups, context }: NumberSite, except = none): boolean {
  const { before, after } = context();
  const behind = groups.at(-1)?.end ?? end;
  return (
    before.some(
      ({ word, topics, distance }) =>
        topics.includes("other") && !except.has(word) && !spentBefore.test(text.slice(start - distance, start)),
    ) ||
    after.some(({ word, topics, distance }) => {
      if (!topics.includes("other") || except.has(word)) return false;
      const wordEnd = behind + distance + word.length;
      return (
        !spentBehind.test(text.slice(behind, behind + distance)) && !ownNumber.test(text.slice(wordEnd, wordEnd + 4))
      );
    })
  );
}
