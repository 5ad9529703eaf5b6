import { ChatBody } from "../chat.ts";
import { type Holder, visitTexts } from "../detect/body-texts.ts";
import { type DataUrl, readDataUrl } from "../detect/data-url.ts";
import type { Finding } from "../detect/finding.ts";
import { type Unescaped, unescapeWithOffsets } from "../detect/json-escapes.ts";
import { decodedSuffix, textIn, textPartsOf, unescapedSuffix } from "../detect/text-parts.ts";
import { Occurrences } from "./occurrences.ts";
import { Placeholders } from "./placeholder.ts";
import { redactText } from "./redact-text.ts";
import { restoreArguments, restoreText } from "./restore-text.ts";
import { type Span, spansOf, toRaw } from "./spans.ts";

export type Redacted = {
  /** The request with placeholders for what was found; the one given is as it was. */
  body: ChatBody;
  /** A chat completion with the values in the place of the placeholders, in every text of its choices. */
  restore(response: Record<string, unknown>): Record<string, unknown>;
};

/**
 * Takes personal data out of a request before it leaves: `Where is [NAME_1]?`. A value has one placeholder of its type
 * throughout the request, also where it stands again and was not found, and no placeholder is one that the request
 * already holds. What is which exists in this
 * closure only. Throws for findings that were made of another body: what cannot be redacted must not be sent.
 * @param body as it was parsed when detection read it: paths count its keys
 */
export function redactBody(body: ChatBody, found: readonly { part: string; findings: readonly Finding[] }[]): Redacted {
  const byPath = new Map<string, Finding[]>();
  for (const { part, findings } of found)
    if (findings.length > 0) byPath.set(part, [...(byPath.get(part) ?? []), ...findings]);
  if (byPath.size === 0) return { body, restore: (response) => response };

  const placeholders = new Placeholders(textsOf(body));
  const occurrences = new Occurrences();
  const given: Span[][] = [];
  visitTexts(body, ({ path, text }) => given.push(takeFindings(path, text, byPath, occurrences)));
  if (byPath.size > 0) throw new Error("There are findings in a part that the request does not have.");

  const copy = ChatBody.parse(copyOf(body));
  const renamed: { holder: Holder; from: string; to: string }[] = [];
  let at = 0;
  visitTexts(copy, ({ text, holder, key, ofKey }) => {
    const here = [...(given[at] ?? []), ...occurrences.in(text), ...occurrencesHidden(text, occurrences)];
    at += 1;
    if (here.length === 0) return;
    const redacted = isIdentifier(key, ofKey)
      ? placeholders.nameFor(here[0]?.type ?? "name", text)
      : redactText(text, spansOf(here, text), placeholders);
    if (ofKey) renamed.push({ holder, from: text, to: redacted });
    else put(holder, key, redacted);
  });
  // Last: the walk looks values up under the old keys.
  for (const { holder, from, to } of renamed) rename(holder, from, to);
  return { body: copy, restore: (response) => restoreChoices(response, placeholders) };
}

function* textsOf(body: ChatBody): Generator<string> {
  for (const { text } of textPartsOf(body)) yield text;
}

/**
 * Findings in a text and in its unescaped and decoded forms, at the offsets of the text; takes them off the map, and
 * remembers the values.
 */
function takeFindings(path: string, text: string, byPath: Map<string, Finding[]>, occurrences: Occurrences): Span[] {
  const take = (suffix: string, read: string) => {
    const there = byPath.get(path + suffix) ?? [];
    byPath.delete(path + suffix);
    for (const { type, start, end } of there) occurrences.add(read.slice(start, end), type);
    return there;
  };
  const own = take("", text);
  const unescaped = unescapedOf(text);
  const found =
    unescaped === undefined ? own : [...own, ...toRaw(take(unescapedSuffix, unescaped.text), unescaped.offsets)];
  const data = readDataUrl(text);
  return data?.kind === "text" ? [...found, ...encoded(take(decodedSuffix, textIn(data)), text, data)] : found;
}

/** Where in a text values stand that only its unescaped or decoded form shows. */
function occurrencesHidden(text: string, occurrences: Occurrences): Span[] {
  const unescaped = unescapedOf(text);
  const found = unescaped === undefined ? [] : toRaw(occurrences.in(unescaped.text), unescaped.offsets);
  const data = readDataUrl(text);
  return data?.kind === "text" ? [...found, ...encoded(occurrences.in(textIn(data)), text, data)] : found;
}

function unescapedOf(text: string): Unescaped | undefined {
  return text.includes("\\") ? unescapeWithOffsets(text) : undefined;
}

/** What is encoded cannot be replaced in parts. */
function encoded(found: readonly Span[], text: string, { payloadAt }: DataUrl): Span[] {
  return found.map(({ type }) => ({ type, start: payloadAt, end: text.length }));
}

/** Names of functions, schemas and speakers allow no brackets, and the whole of one is replaced. */
function isIdentifier(key: string | number, ofKey: boolean): boolean {
  return !ofKey && key === "name";
}

/** Gives a key another name, in its place. */
function rename(holder: Holder, from: string, to: string): void {
  const entries = Object.entries(holder);
  for (const [key] of entries) Reflect.deleteProperty(holder, key);
  for (const [key, value] of entries) put(holder, key === from ? to : key, value);
}

/** Not by assignment: `__proto__` is a key like any other. */
function put(holder: Holder, key: string | number, value: unknown): void {
  Reflect.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyOf(member)]));
}

function restoreChoices(response: Record<string, unknown>, placeholders: Placeholders): Record<string, unknown> {
  return { ...response, choices: restoreValue(response.choices, "", placeholders) };
}

function restoreValue(value: unknown, key: string, placeholders: Placeholders): unknown {
  if (typeof value === "string")
    return key === "arguments" ? restoreArguments(value, placeholders) : restoreText(value, placeholders);
  if (Array.isArray(value)) return value.map((item) => restoreValue(item, "", placeholders));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, restoreValue(item, name, placeholders)]),
  );
}
