import { isAbbreviation } from "./abbreviations.ts";
import { attribute, levelOf } from "./attributes.ts";
import { hashFolded } from "./characters.ts";
import { type CueClass, cueNumber } from "./cues.ts";
import { language, style, type TextStyle } from "./style.ts";
import { isTitled } from "./titles.ts";
import { gap, shape, type Tokens } from "./tokens.ts";

/** A run of words that may be one name: the indexes of its first and last word. */
export type Candidate = { first: number; last: number };

const longest = 6;
const particles = new Set(
  "de du da do dos das di del della von vom van zu zur la le las los ten ter te al el bin ibn bint ben abu ould y e af av mac o i na st"
    .split(" ")
    .map(hashFolded),
);

const articles = new Set(["der", "den"].map(hashFolded));

function numbersOf(...names: CueClass[]): ReadonlySet<number> {
  return new Set(names.map((name) => cueNumber.get(name) ?? 0));
}
/** Function words: hardly ever a name, whatever the lists of names say. */
const hard = numbersOf(
  "article",
  "own",
  "he",
  "ask",
  "be",
  "with",
  "by",
  "to",
  "for",
  "from",
  "of",
  "in",
  "at",
  "on",
  "about",
  "and",
  "like",
  "between",
  "verb",
  "title",
);
/** Behind these even a word that no list has may be a name. */
const announcing = numbersOf("named", "title", "greet", "meet", "kin", "role", "label", "with", "be", "closing");

/** And these say so even of a word that is none in the lexicon of another language. */
const announcingStrongly = numbersOf("named", "title", "greet", "kin", "role", "label", "closing");

/** Whether a word written with a capital may be part of a name. */
function mayBeCapital(tokens: Tokens, at: number, inside: boolean): boolean {
  const attributes = tokens.attributes[at] ?? 0;
  const cue = tokens.cue[at] ?? 0;
  const name = Math.max(levelOf(attributes, attribute.first), levelOf(attributes, attribute.last));
  if (hard.has(cue)) return inside && name >= 2;
  if (!inside && isTitled(tokens, at)) return true;
  if (cue !== 0) return name >= (inside ? 1 : 2);
  const word = levelOf(attributes, attribute.word);
  if (name === 0)
    return (
      word < 2 && (tokens.shape[at] !== shape.upper || (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) > 4 || inside)
    );
  return word < 3 || name >= 2 || inside;
}

/** The same for a word in lower case, or in a text that is all capitals. */
function mayBeLower(tokens: Tokens, at: number, inside: boolean, free: boolean): boolean {
  const attributes = tokens.attributes[at] ?? 0;
  const cue = tokens.cue[at] ?? 0;
  if (hard.has(cue)) return false;
  const name = Math.max(levelOf(attributes, attribute.first), levelOf(attributes, attribute.last));
  const word = levelOf(attributes, attribute.word);
  const announced = inside || announcing.has(tokens.cue[at - 1] ?? 0);
  if (name === 0)
    return free && announced && attributes === 0 && cue === 0 && (tokens.end[at] ?? 0) - (tokens.start[at] ?? 0) > 2;
  if (cue !== 0) return false;
  if (word === 0) return true;
  // Names that are common words too, like song and cash, are names in company only; bill and mark may stand alone.
  if (word === 3 && !inside && levelOf(attributes, attribute.first) < 3 && !isTitled(tokens, at)) return false;
  return name >= 2 && free && (announced || isPlainName(tokens, at + 1));
}

/** A word that is a name and nothing else, behind nothing but a space. */
function isPlainName(tokens: Tokens, at: number): boolean {
  const attributes = tokens.attributes[at] ?? 0;
  return tokens.gap[at] === gap.space && (attributes & 15) !== 0 && levelOf(attributes, attribute.word) === 0;
}

/** Whether nothing but a space, a hyphen or the point of an initial stands between a word and the one before. */
function joins(tokens: Tokens, at: number): boolean {
  const between = tokens.gap[at] ?? 0;
  if (between === gap.space || between === gap.hyphen || between === gap.quote) return true;
  const abbreviated = tokens.shape[at - 1] === shape.initial;
  return abbreviated && (between === (gap.space | gap.period) || between === gap.period);
}

/** The runs of words that may be names, in order, none overlapping. */
export function findCandidates(tokens: Tokens, { style: textStyle, language: textLanguage }: TextStyle): Candidate[] {
  const found: Candidate[] = [];
  let at = 0;
  while (at < tokens.count) {
    const last = runFrom(tokens, at, textStyle);
    if (last < at) {
      at++;
      continue;
    }
    if (last > at || !isForeignWord(tokens, at, textLanguage)) found.push({ first: at, last });
    at = last + 1;
  }
  return found;
}

/**
 * Of a single word without a first name's record, capitals and the lists say little where German writes every noun with
 * one, and at the start of a sentence in other languages whose words the lexicon has not.
 */
function isForeignWord(tokens: Tokens, at: number, textLanguage: number): boolean {
  if (textLanguage === language.english || announcingStrongly.has(tokens.cue[at - 1] ?? 0)) return false;
  const attributes = tokens.attributes[at] ?? 0;
  if (textLanguage === language.german) return levelOf(attributes, attribute.first) < 2;
  return (attributes & 15) === 0 && ((tokens.gap[at] ?? 0) & ~(gap.space | gap.hyphen | gap.comma)) !== 0;
}

function isName(tokens: Tokens, at: number, textStyle: number, inside: boolean): boolean {
  if (tokens.glued[at]) return false;
  if (!inside && (isAbbreviation(tokens, at) || isMonthBehindDay(tokens, at))) return false;
  switch (tokens.shape[at]) {
    case shape.capital:
      return mayBeCapital(tokens, at, inside);
    case shape.upper:
      return textStyle === style.upper ? mayBeLower(tokens, at, inside, true) : mayBeCapital(tokens, at, inside);
    case shape.lower:
      return mayBeLower(tokens, at, inside, textStyle === style.lower);
    case shape.caseless:
      return (
        levelOf(tokens.attributes[at] ?? 0, attribute.first) > 0 ||
        levelOf(tokens.attributes[at] ?? 0, attribute.last) > 0
      );
    default:
      return false;
  }
}

/** Whether it is the month or weekday of a date: "den 12. Mai"; behind a number that begins a line, a list's, it may be a name. */
function isMonthBehindDay(tokens: Tokens, at: number): boolean {
  if (tokens.cue[at] !== cueNumber.get("time") || tokens.shape[at - 1] !== shape.number) return false;
  if (((tokens.gap[at] ?? 0) | gap.period) !== (gap.space | gap.period)) return false;
  return ((tokens.gap[at - 1] ?? 0) & (gap.newline | gap.start)) === 0;
}

/** Where the run that starts at a word ends; before the word when none starts there. */
function runFrom(tokens: Tokens, first: number, textStyle: number): number {
  // A run may start with initials: J. R. Smith.
  // At the start of a line it is the letter of a list.
  let at = first;
  while (
    tokens.shape[at] === shape.initial &&
    !((tokens.gap[at] ?? 0) & (gap.newline | gap.start)) &&
    at - first < 3 &&
    joins(tokens, at + 1)
  )
    at++;
  if (at >= tokens.count || !isName(tokens, at, textStyle, false)) return first - 1;
  let last = at;
  for (let next = at + 1; next < tokens.count && next - first < longest && joins(tokens, next); next++) {
    if (tokens.possessive[next - 1]) break;
    if (isName(tokens, next, textStyle, true)) last = next;
    else if (!isLink(tokens, next)) break;
  }
  return last;
}

/** An initial or a particle inside a name; der and den behind another particle only: van der Berg, von den Driesch. */
function isLink(tokens: Tokens, at: number): boolean {
  if (articles.has(tokens.hash[at] ?? 0)) return particles.has(tokens.hash[at - 1] ?? 0);
  return tokens.shape[at] === shape.initial || (!tokens.glued[at] && particles.has(tokens.hash[at] ?? 0));
}
