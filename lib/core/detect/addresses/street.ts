import { attribute, levelOf } from "../names/attributes.ts";
import { style } from "../names/style.ts";
import { gap, shape, type Tokens } from "../names/tokens.ts";
import { role, rolesOf, streetEnd } from "./address-words.ts";

/** A stretch of words that is or may be an address, with how sure that is from 0 to 1. */
export type Stretch = { first: number; last: number; confidence: number };

/** What the finders of addresses look at. */
export type Site = { text: string; tokens: Tokens; style: number };

const mostNameWords = 5;

function wordAt({ text, tokens }: Site, at: number): string {
  return text.slice(tokens.start[at], tokens.end[at]);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** A house number: up to five digits, perhaps a letter or a slash behind. */
export function isHouseNumber({ text, tokens }: Site, at: number): boolean {
  if (tokens.shape[at] !== shape.number) return false;
  const start = tokens.start[at] ?? 0;
  const length = (tokens.end[at] ?? 0) - start;
  if (length > 6) return false;
  const first = text.charCodeAt(start);
  const before = text.charCodeAt(start - 1);
  // Not money, not a share, not a part of a longer number.
  if (before === 0x24 || before === 0x20ac || before === 0xa3) return false;
  if ((before === 0x2e || before === 0x2c || before === 0x3a) && isDigit(text.charCodeAt(start - 2))) return false;
  const after = text.charCodeAt(start + length);
  if (after === 0x25 || after === 0xb0) return false;
  if ((after === 0x2e || after === 0x2c || after === 0x3a) && isDigit(text.charCodeAt(start + length + 1)))
    return false;
  return isDigit(first) && /^\d+[a-z]?$/i.test(text.slice(start, start + length));
}

function isOrdinal(site: Site, at: number): boolean {
  return site.tokens.shape[at] === shape.number && /^\d+(?:st|nd|rd|th)$/i.test(wordAt(site, at));
}

/** Whether a word is stuck to the one before by nothing more than a space, a hyphen or the point of an abbreviation. */
export function isNext({ tokens }: Site, at: number, also = 0): boolean {
  const between = tokens.gap[at] ?? gap.newline;
  return (
    (between & ~(gap.space | gap.hyphen | gap.period | gap.quote | also)) === 0 &&
    (between & gap.period ? abbreviates(tokens, at - 1) : true)
  );
}

/** A word so short that a point behind it need not end a sentence. */
function abbreviates(tokens: Tokens, at: number): boolean {
  return (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) <= 4;
}

/** Whether a word may be part of a street's name. */
export function isNameWord(site: Site, at: number): boolean {
  const { tokens } = site;
  const written = tokens.shape[at];
  if (written === shape.capital || written === shape.initial || written === shape.upper)
    return site.style !== style.upper || isPlainWord(tokens, at);
  if (written === shape.caseless) return true;
  if (isOrdinal(site, at)) return true;
  return written === shape.lower && site.style === style.lower && isPlainWord(tokens, at);
}

/** Where capitals tell nothing: no function word, no verb. */
function isPlainWord(tokens: Tokens, at: number): boolean {
  return (
    tokens.cue[at] === 0 ||
    levelOf(tokens.attributes[at] ?? 0, attribute.word) < 3 ||
    (rolesOf(tokens.hash[at] ?? 0) & role.direction) !== 0
  );
}

function isLink({ tokens }: Site, at: number): boolean {
  return (rolesOf(tokens.hash[at] ?? 0) & role.link) !== 0;
}

/** In lower case, a noun right behind makes the kind of street its adjective: street food. */
function isFollowedByNoun({ tokens, style: textStyle }: Site, at: number): boolean {
  if (at >= tokens.count || tokens.gap[at] !== gap.space || tokens.shape[at] !== shape.lower) return false;
  if (tokens.cue[at] !== 0) return false;
  return textStyle === style.lower
    ? levelOf(tokens.attributes[at] ?? 0, attribute.word) > 0 &&
        (rolesOf(tokens.hash[at] ?? 0) & (role.unit | role.suffix)) === 0
    : false;
}

function looksLikeYear(site: Site, at: number): boolean {
  return /^(?:1[5-9]|20)\d\d$/.test(wordAt(site, at));
}

/** 12 Baker Street, Baker Street 12, Baker Street. */
export function behindName(site: Site, at: number, roles: number): Stretch | undefined {
  const { tokens } = site;
  let first = at;
  while (
    first > 0 &&
    at - first < mostNameWords &&
    isNext(site, first) &&
    isNameWord(site, first - 1) &&
    !tokens.glued[first - 1]
  )
    first--;
  const named = first < at;
  const isCapital = tokens.shape[at] !== shape.lower;
  const certain = (roles & role.suffix) !== 0;
  if (
    !isCapital &&
    site.style !== style.lower &&
    !(certain && named && isNext(site, first) && isHouseNumber(site, first - 1))
  )
    return undefined;
  const doubtful = isFollowedByNoun(site, at + 1);
  if (named && isNext(site, first, gap.comma) && isHouseNumber(site, first - 1)) {
    // In 2020 Supreme Court ...: a year is a house number only before what is surely a street.
    if (!certain && looksLikeYear(site, first - 1)) return undefined;
    if (!certain && site.style === style.lower) return { first: first - 1, last: at, confidence: 0.15 };
    return { first: first - 1, last: at, confidence: doubtful ? 0.1 : certain ? 0.9 : 0.62 };
  }
  if (!named || doubtful) return undefined;
  if (certain && isNext(site, at + 1) && isHouseNumber(site, at + 1)) return { first, last: at + 1, confidence: 0.7 };
  return { first, last: at, confidence: site.style === style.lower ? 0.02 : certain ? 0.18 : 0.05 };
}

function isRepeat(site: Site, at: number): boolean {
  const word = wordAt(site, at).toLowerCase();
  return word === "bis" || word === "ter" || word === "quater";
}

/** Rue de la Paix 12, 12 rue de la Paix. */
export function beforeName(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  let last = at;
  let named = false;
  for (
    let next = at + 1;
    next < tokens.count && next - at <= mostNameWords + 2 && isNext(site, next, next === at + 1 ? gap.other : 0);
    next++
  ) {
    if (isLink(site, next)) continue;
    if (!isNameWord(site, next) || tokens.glued[next]) break;
    last = next;
    named = true;
  }
  if (!named) return undefined;
  if (isNext(site, last + 1, gap.comma) && isHouseNumber(site, last + 1))
    return { first: at, last: last + 1, confidence: 0.85 };
  // 8 bis avenue Foch
  const number = isRepeat(site, at - 1) ? at - 2 : at - 1;
  if (isNext(site, at, gap.comma) && isHouseNumber(site, number)) return { first: number, last, confidence: 0.85 };
  return { first: at, last, confidence: 0.15 };
}

/** Petőfi utca 12: the kind stands between name and number. */
export function amidName(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  let first = at;
  while (first > 0 && at - first < 3 && isNext(site, first) && isNameWord(site, first - 1) && !tokens.glued[first - 1])
    first--;
  if (first === at) return undefined;
  return isNext(site, at + 1) && isHouseNumber(site, at + 1) ? { first, last: at + 1, confidence: 0.85 } : undefined;
}

/** Hauptstraße 12: name and kind in one word. */
export function oneWord(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  const sure = streetEnd(wordAt(site, at));
  if (sure === 0) return undefined;
  const abbreviated = tokens.gap[at + 1] === (gap.period | gap.space) && wordAt(site, at).endsWith("str");
  if ((abbreviated || isNext(site, at + 1)) && isHouseNumber(site, at + 1))
    return { first: at, last: at + 1, confidence: abbreviated ? 0.85 : sure === 2 ? 0.85 : 0.55 };
  return tokens.shape[at] === shape.lower ? undefined : { first: at, last: at, confidence: sure === 2 ? 0.15 : 0.02 };
}

/** Arenales 9462, 214 Pavlou Drandaki: nothing but the words around says that it is a street. */
export function unnamedKind(site: Site, at: number): Stretch | undefined {
  const { tokens } = site;
  if (!isHouseNumber(site, at)) return undefined;
  let first = at;
  while (first > 0 && at - first < 3 && isNext(site, first) && isStreetName(site, first - 1)) first--;
  if (first < at) return { first, last: at, confidence: 0.1 };
  let last = at;
  while (last + 1 < tokens.count && last - at < 4 && isNext(site, last + 1) && isStreetName(site, last + 1)) last++;
  return last > at ? { first: at, last, confidence: 0.1 } : undefined;
}

function isStreetName(site: Site, at: number): boolean {
  const { tokens } = site;
  if (tokens.glued[at] || tokens.shape[at] === shape.number) return false;
  const attributes = tokens.attributes[at] ?? 0;
  if (!isLink(site, at) && (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) < 3) return false;
  const known = levelOf(attributes, attribute.word) >= 2;
  if (known && (attributes & 15) === 0) return false;
  return (
    (tokens.cue[at] === 0 || isLink(site, at)) &&
    (isNameWord(site, at) || (isLink(site, at) && isNameWord(site, at + 1)))
  );
}
