import type { ChatBody } from "../chat.ts";
import { type BodyText, visitTexts } from "./body-texts.ts";
import { type DataUrl, readDataUrl } from "./data-url.ts";
import { unescapeAll } from "./json-escapes.ts";

/** One text of a request to look at for personal data. `path` says where it is, and holds nothing of the user's. */
export type TextPart = {
  path: string;
  text: string;
  /** What stands before it and may say what it is: the keys that lead to it, the end of the message before. */
  context?: string;
};

/** Follows the path of a text that is read with its JSON escapes resolved. */
export const unescapedSuffix = "#json";

/** Follows the path of a data URL of which the decoded text is read. */
export const decodedSuffix = "#data";

/** As far as words before a number are asked what it is. */
const reach = 60;

/** So many characters of a request are read twice for the escapes in them; of more, only what they resolve to. */
const mostTwice = 50_000;

/** What is said, one after the other: what is behind may be about what is before. */
const spoken = /^messages\[\d+\]\.(?:content(?:\[\d+\]\.text)?|refusal)$/;

/** Who speaks: a name in which no blank is allowed. */
const speaker = /^messages\[\d+\]\.name$/;
const joinedWords = /^\p{L}+(?:[_-]\p{L}+)+$/u;

/**
 * Every text of a request that can hold personal data. A text with JSON escapes in it, such as the arguments of a tool
 * call, is given twice: as it is, and (`#json`) with the escapes resolved, so that `\u0040` or `\n` hide nothing; beyond
 * 50,000 such characters only resolved. A data URL with text in it is given decoded (`#data`). Linear in the body.
 * `isWhole`: false where there is something that no detector can read, a file or a recording; images in parts of that
 * type do not count.
 */
export function readTexts(body: ChatBody): { parts: TextPart[]; isWhole: boolean } {
  const parts: TextPart[] = [];
  let isWhole = body.messages.every(
    ({ content }) => !Array.isArray(content) || content.every(({ type }) => isRead(type)),
  );
  let said = "";
  let twice = 0;
  visitTexts(body, (found) => {
    const { path, text } = found;
    if (found.isFieldName) return;
    const data = readDataUrl(text);
    if (data?.kind === "unread") isWhole = false;
    add(path, data?.isOpaque ? text.slice(0, data.payloadAt) : wordsOf(found), contextOf(found, said));
    if (data?.kind === "text") parts.push({ path: path + decodedSuffix, text: textIn(data) });
    if (spoken.test(path)) said = lastWords(`${said}\n${text.slice(-reach)}`);
  });
  return { parts, isWhole };

  function add(path: string, text: string, context: string): void {
    const given = context === "" ? {} : { context };
    const unescaped = text.includes("\\") ? unescapeAll(text) : undefined;
    if (unescaped !== undefined) twice += text.length;
    if (unescaped === undefined || twice <= mostTwice) parts.push({ path, text, ...given });
    if (unescaped !== undefined) parts.push({ path: path + unescapedSuffix, text: unescaped, ...given });
  }
}

/** The texts of `readTexts` alone. */
export function textPartsOf(body: ChatBody): TextPart[] {
  return readTexts(body).parts;
}

/** What the payload of a data URL says, as it is read. */
export function textIn({ text }: Extract<DataUrl, { kind: "text" }>): string {
  return unescapeAll(text) ?? text;
}

function isRead(type: string): boolean {
  return type === "text" || type === "refusal" || type === "image_url";
}

/** A key or the name of a speaker with blanks for what joins its words; every offset stays what it is. */
function wordsOf({ path, text, ofKey }: BodyText): string {
  return (ofKey || speaker.test(path)) && joinedWords.test(text) ? text.replaceAll(/[_-]/g, " ") : text;
}

function contextOf({ path, label }: BodyText, said: string): string {
  if (label !== "") return `${label}: `;
  return spoken.test(path) && said !== "" ? `${said}\n` : "";
}

/** The end of a text, from the beginning of a word on. */
function lastWords(text: string): string {
  return text.length <= reach ? text : text.slice(-reach).replace(/^\S+/, "");
}
