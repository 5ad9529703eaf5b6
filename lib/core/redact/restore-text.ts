import { decodeLiteral } from "../detect/json-escapes.ts";
import { encodeLiteral, fencedStretchesOf, isJsonDocument, stretchesOf } from "./json-text.ts";
import type { Placeholder, Placeholders } from "./placeholder.ts";

/** How a JSON text begins, for one that was cut before its end. */
const jsonBegins = /^\s*(\{\s*"|\[\s*[{"])/;

/** JSON quoted in JSON deeper than this is taken as text. */
const deepest = 8;

/**
 * A text of an answer with the values in the place of their placeholders. In JSON, also quoted in JSON or between the
 * fences of Markdown, they are escaped as its strings are; a number goes back without quotes.
 */
export function restoreText(text: string, placeholders: Placeholders, depth = 0): string {
  if (!placeholders.mayBeIn(text)) return text;
  if (depth < deepest && (jsonBegins.test(text) || isJsonDocument(text)))
    return restoreJson(text, placeholders, plainly, depth);
  let restored = "";
  for (const { start, end, isSpecial } of fencedStretchesOf(text)) {
    const piece = text.slice(start, end);
    restored += isSpecial ? restoreJson(piece, placeholders, plainly, depth) : placeholders.replaceIn(piece, plainly);
  }
  return restored;
}

/** As `restoreText`, of a text that is meant to be JSON, valid or not: arguments of a tool call. */
export function restoreArguments(text: string, placeholders: Placeholders): string {
  // Where a model wrote one without quotes.
  const bare = ({ value, isNumber }: Placeholder) => (isNumber ? value : JSON.stringify(value));
  return restoreJson(text, placeholders, bare, 0);
}

function plainly({ value }: Placeholder): string {
  return value;
}

function restoreJson(
  json: string,
  placeholders: Placeholders,
  outsideStrings: (placeholder: Placeholder) => string,
  depth: number,
): string {
  let restored = "";
  let from = 0;
  for (const { start, end, isSpecial: isString } of stretchesOf(json)) {
    const raw = json.slice(start, end);
    if (!isString) {
      restored += json.slice(from, start) + placeholders.replaceIn(raw, outsideStrings);
      from = end;
      continue;
    }
    const number = placeholders.exactly(raw);
    if (number?.isNumber && json.charAt(end) === '"') {
      restored += number.value;
      from = end + 1;
      continue;
    }
    const text = decodeLiteral(raw)?.text;
    const value =
      text === undefined
        ? placeholders.replaceIn(raw, (placeholder) => encodeLiteral(placeholder.value))
        : restoreText(text, placeholders, depth + 1);
    if (value === (text ?? raw)) continue;
    restored += json.slice(from, start) + (text === undefined ? value : encodeLiteral(value));
    from = end;
  }
  return restored + json.slice(from);
}
