import { emptyHash, hashLetter, characterKind as kind, kindOfCode } from "./characters.ts";
import type { Lexicon } from "./lexicon.ts";

/** How a word is written. */
export const shape = { number: 0, lower: 1, capital: 2, upper: 3, initial: 4, caseless: 5 } as const;

/** What stands between a word and the one before it; several may hold. */
export const gap = {
  start: 1,
  space: 2,
  newline: 4,
  comma: 8,
  period: 16,
  stop: 32,
  colon: 64,
  quote: 128,
  bracket: 256,
  hyphen: 512,
  other: 1024,
} as const;

/** The words and numbers of a text, in columns. */
export type Tokens = {
  count: number;
  start: number[];
  end: number[];
  shape: number[];
  /** The gap before the word; one more than there are words, for what follows the last. */
  gap: number[];
  attributes: number[];
  cue: number[];
  hash: number[];
  /** Followed by 's, which is no part of it. */
  possessive: boolean[];
  /** Stuck to something that makes it part of an identifier, a path, an address of the web. */
  glued: boolean[];
};

function gapOf(code: number): number {
  switch (code) {
    case 0x2c: // ,
    case 0x60c:
    case 0x3001:
      return gap.comma;
    case 0x2e: // .
      return gap.period;
    case 0x21: // ! ? ; … ¿ ¡ 。
    case 0x3f:
    case 0x3b:
    case 0x2026:
    case 0xbf:
    case 0xa1:
    case 0x3002:
    case 0x2022:
    case 0x2a:
      return gap.stop;
    case 0x3a:
    case 0xff1a:
      return gap.colon;
    case 0x22: // " “ ” „ « »
    case 0x201c:
    case 0x201d:
    case 0x201e:
    case 0xab:
    case 0xbb:
      return gap.quote;
    case 0x28:
    case 0x29:
    case 0x5b:
    case 0x5d:
      return gap.bracket;
    default:
      return gap.other;
  }
}

function codes(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}
// What makes a word part of an identifier, a path or a tag when no space stands between.
const joinersBefore = codes("_@/\\$#<{+^%");
const joinersAfter = codes("_@/\\=$#>}+^(");

function isLetter(kindHere: number): boolean {
  return kindHere >= kind.lower && kindHere <= kind.caseless;
}

/** Cuts a text into words and numbers, and looks the words up; one pass, no strings made. */
export function tokenize(text: string, lexicon: Lexicon): Tokens {
  const tokens: Tokens = {
    count: 0,
    start: [],
    end: [],
    shape: [],
    gap: [],
    attributes: [],
    cue: [],
    hash: [],
    possessive: [],
    glued: [],
  };
  const length = text.length;
  let at = 0;
  let between: number = gap.start;
  while (at < length) {
    const code = text.charCodeAt(at);
    const first = kindOfCode(code);
    if (isLetter(first) || first === kind.digit) {
      at = addWord(text, at, first, between, lexicon, tokens);
      between = 0;
      continue;
    }
    if (first === kind.space) between |= gap.space;
    else if (first === kind.newline) between |= gap.newline;
    else if (first === kind.hyphen) between |= gap.hyphen;
    else if (first === kind.apostrophe) between |= code === 0x60 ? gap.other : gap.quote;
    else if (first !== kind.mark) between |= gapOf(code);
    at++;
  }
  tokens.gap.push(between | gap.newline);
  return tokens;
}

/** Adds the word that starts at `start`; returns where it ends, or behind its possessive s. */
function addWord(
  text: string,
  start: number,
  first: number,
  between: number,
  lexicon: Lexicon,
  tokens: Tokens,
): number {
  let hash = emptyHash;
  let letters = 0;
  let uppers = 0;
  let caseless = 0;
  let digits = 0;
  let end = start;
  let next = start;
  let possessive = false;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    const here = kindOfCode(code);
    if (isLetter(here)) {
      letters++;
      if (here === kind.upper) uppers++;
      else if (here === kind.caseless) caseless++;
      hash = hashLetter(hash, code);
    } else if (here === kind.digit) {
      digits++;
      hash = hashLetter(hash, code);
    } else if (here === kind.apostrophe && letters > 0 && code !== 0x60) {
      const after = text.charCodeAt(end + 1) | 32;
      const behind = kindOfCode(text.charCodeAt(end + 2));
      if (!isLetter(kindOfCode(text.charCodeAt(end + 1)))) break;
      if (letters === 1 && isElision(text, start, end + 1)) break;
      if (after === 0x73 && !isLetter(behind)) {
        possessive = true;
        next = end + 2;
        break;
      }
    } else if (here !== kind.mark || end === start) break;
  }
  tokens.start.push(start);
  tokens.end.push(end);
  tokens.gap.push(between);
  tokens.hash.push(hash);
  tokens.possessive.push(possessive);
  tokens.glued.push(isGlued(text, start, possessive ? next : end));
  const isNumber = digits > 0;
  tokens.shape.push(isNumber ? shape.number : shapeOf(first, letters, uppers, caseless));
  tokens.attributes.push(isNumber ? 0 : lexicon.attributes(hash));
  tokens.cue.push(isNumber ? 0 : lexicon.cue(hash));
  tokens.count++;
  return Math.max(end, next);
}

// The articles and pronouns that French and Italian shorten: l'acqua, d'abord. D'Angelo is none of them.
const elided = codes("ldjnstcm");

function isElision(text: string, letter: number, next: number): boolean {
  return elided.has(text.charCodeAt(letter) | 32) && kindOfCode(text.charCodeAt(next)) === kind.lower;
}

function shapeOf(first: number, letters: number, uppers: number, caseless: number): number {
  if (first === kind.caseless || caseless > letters / 2) return shape.caseless;
  if (first !== kind.upper) return shape.lower;
  if (letters === 1) return shape.initial;
  return uppers === letters ? shape.upper : shape.capital;
}

/** Whether a word is part of something longer: an identifier, a path, an e-mail address, a host. */
function isGlued(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  if (joinersBefore.has(before)) return true;
  if (before === 0x2e && isLetter(kindOfCode(text.charCodeAt(start - 2)))) {
    // "J.R. Smith" and "site.Another" differ in how long the word before the point is.
    const third = kindOfCode(text.charCodeAt(start - 3));
    if (isLetter(third) || third === kind.digit) return true;
  }
  const after = text.charCodeAt(end);
  if (joinersAfter.has(after)) return after !== 0x2f || isLetter(kindOfCode(text.charCodeAt(end + 1)));
  if (after !== 0x2e) return false;
  return end - start > 1 && kindOfCode(text.charCodeAt(end + 1)) === kind.lower;
}
