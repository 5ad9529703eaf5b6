import { decodeLiteral } from "../detect/json-escapes.ts";
import { encodeLiteral, fencedStretchesOf, isJsonDocument, type Stretch, stretchesOf } from "./json-text.ts";
import type { Placeholders } from "./placeholder.ts";
import { type Span, spansOf, unitFrom } from "./spans.ts";

/** A JSON number, and what else has no quotes. */
const bareWord = /[^\s,:[\]{}]+/g;

/**
 * A text with placeholders for its spans. JSON stays JSON, at every depth at which it is quoted and between the fences of
 * Markdown: strings are decoded, redacted and encoded again, and a number that a span touches becomes a string.
 * @param spans in order, without overlaps
 */
export function redactText(text: string, spans: readonly Span[], placeholders: Placeholders): string {
  if (spans.length === 0) return text;
  if (isJsonDocument(text)) return redactJson(text, spans, placeholders);
  return redactStretches(text, fencedStretchesOf(text), spans, (raw, inside, isJson) =>
    isJson ? redactJson(raw, inside, placeholders) : redactPlain(raw, inside, placeholders),
  );
}

function redactPlain(text: string, spans: readonly Span[], placeholders: Placeholders): string {
  let redacted = "";
  let from = 0;
  for (const { type, start, end } of spans) {
    redacted += `${text.slice(from, start)}[${placeholders.nameFor(type, text.slice(start, end))}]`;
    from = end;
  }
  return redacted + text.slice(from);
}

function redactJson(json: string, spans: readonly Span[], placeholders: Placeholders): string {
  return redactStretches(json, stretchesOf(json), spans, (raw, inside, isString) =>
    isString ? redactLiteral(raw, inside, placeholders) : redactBare(raw, inside, placeholders),
  );
}

/** Redacts each stretch that spans touch by itself; a span over several is cut at their borders. */
function redactStretches(
  text: string,
  stretches: Iterable<Stretch>,
  spans: readonly Span[],
  redact: (raw: string, inside: readonly Span[], isSpecial: boolean) => string,
): string {
  let redacted = "";
  let from = 0;
  let next = 0;
  for (const { start, end, isSpecial } of stretches) {
    while (next < spans.length && (spans[next]?.end ?? 0) <= start) next += 1;
    const inside: Span[] = [];
    for (let at = next; at < spans.length; at += 1) {
      const span = spans[at];
      if (span === undefined || span.start >= end) break;
      const cut = { ...span, start: Math.max(span.start, start) - start, end: Math.min(span.end, end) - start };
      if (cut.start < cut.end) inside.push(cut);
    }
    if (inside.length === 0) continue;
    redacted += text.slice(from, start) + redact(text.slice(start, end), inside, isSpecial);
    from = end;
  }
  return redacted + text.slice(from);
}

function redactLiteral(raw: string, spans: readonly Span[], placeholders: Placeholders): string {
  const decoded = decodeLiteral(raw);
  if (decoded === undefined) throw new Error("A literal of valid JSON does not decode.");
  const { text, offsets } = decoded;
  // A span that begins or ends within an escape takes all of it.
  const inside = spans.map(({ type, start, end }) => ({
    type,
    start: unitFrom(offsets, start + 1) - 1,
    end: unitFrom(offsets, end),
  }));
  return encodeLiteral(redactText(text, spansOf(inside, text), placeholders));
}

function redactBare(raw: string, spans: readonly Span[], placeholders: Placeholders): string {
  let at = 0;
  return raw.replace(bareWord, (word, offset: number) => {
    while (at < spans.length && (spans[at]?.end ?? 0) <= offset) at += 1;
    const span = spans[at];
    if (span === undefined || span.start >= offset + word.length || !/\d/.test(word)) return word;
    return `"[${placeholders.nameFor(span.type, word, true)}]"`;
  });
}
