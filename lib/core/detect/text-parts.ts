import type { ChatBody } from "../chat.ts";
import { visitTexts } from "./body-texts.ts";
import { unescapeAll } from "./json-escapes.ts";

/** One text of a request to look at for personal data. `path` says where it is, and holds nothing of the user's. */
export type TextPart = { path: string; text: string };

/** Follows the path of a text that is read with its JSON escapes resolved. */
export const unescapedSuffix = "#json";

/**
 * Every text of a request that can hold personal data. A text with JSON escapes in it, such as the arguments of a tool
 * call, is given twice: as it is, and (`#json`) with the escapes resolved, so that `\u0040` or `\n` hide nothing.
 * Linear in the body; at most twice its length.
 */
export function textPartsOf(body: ChatBody): TextPart[] {
  const parts: TextPart[] = [];
  visitTexts(body, (path, text) => {
    parts.push({ path, text });
    const unescaped = text.includes("\\") ? unescapeAll(text) : undefined;
    if (unescaped !== undefined) parts.push({ path: path + unescapedSuffix, text: unescaped });
  });
  return parts;
}
