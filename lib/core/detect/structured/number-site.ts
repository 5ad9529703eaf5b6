import { isAlphanumeric, isDigit, isGlue, isLetter } from "./character-class.ts";
import { type Context, readContext } from "./context.ts";

/** Digits or letters of a number that may be written in several parts. */
export type Group = {
  start: number;
  end: number;
  /**
   * What stands from the site's start to the end of this group: digits as their count, each letter as "A", what stands
   * between as it is. "AB 12 34 56 C" ends as "AA 2 2 2 A".
   */
  shape: string;
  /** Digits from the site's start to here. */
  digits: number;
  /** Nothing behind it belongs to the same number: a number may end here. */
  closed: boolean;
};

/** A place where a number, or an identifier with digits in it, begins. */
export type NumberSite = {
  text: string;
  start: number;
  /** The end of the letters and digits that stand together. */
  end: number;
  /** At most `maximumGroups`, at most 48 characters. */
  groups: readonly Group[];
  /** It goes on over the ends of lines and columns, where a list of numbers is likelier than one number. */
  overLines: boolean;
  /** The words around `start` and `end`. */
  context(): Context;
};

export const maximumGroups = 10;
const maximumLength = 48;
const space = 0x20;
const currencies = "$€£¥₹";

/** By UTF-16 unit: what may stand between the groups of one number. */
const isSeparator = Uint8Array.from({ length: 128 }, (_, code) =>
  " -./()".includes(String.fromCharCode(code)) ? 1 : 0,
);
const inLines = Uint8Array.from({ length: 128 }, (_, code) =>
  " -./()\t\r\n".includes(String.fromCharCode(code)) ? 1 : 0,
);
const counts = Array.from({ length: maximumLength + 1 }, (_, count) => String(count));
const letters = counts.map((_, count) => "A".repeat(count));

export function readNumberSite(text: string, start: number, end: number, overLines = false): NumberSite {
  const groups = readGroups(text, start, overLines ? inLines : isSeparator);
  let context: Context | undefined;
  return {
    text,
    start,
    end,
    groups,
    overLines,
    context() {
      context ??= readContext(text, start, groups.at(-1)?.end ?? end);
      return context;
    },
  };
}

function readGroups(text: string, start: number, separators: Uint8Array): Group[] {
  const groups: Group[] = [];
  const limit = Math.min(text.length, start + maximumLength);
  let at = start;
  let shape = "";
  let digits = 0;
  while (at < limit && groups.length < maximumGroups) {
    const begin = at;
    const numeric = isDigit(text.charCodeAt(at));
    if (numeric) while (at < limit && isDigit(text.charCodeAt(at))) at += 1;
    else while (at < limit && isLetter(text.charCodeAt(at))) at += 1;
    if (!numeric && groups.length > 0 && isWord(text, begin, at)) break;
    if (numeric) digits += at - begin;
    shape += (numeric ? counts : letters)[at - begin];
    const next = nextGroup(text, at, separators);
    groups.push({ start: begin, end: at, shape, digits, closed: closesNumber(text, at) });
    if (next < 0) break;
    if (next > at) shape += next === at + 1 ? signAt(text, at) : signOf(text.slice(at, next));
    at = next;
  }
  return groups;
}

/** What a separator is to a shape: the end of a line is a blank. */
function signAt(text: string, at: number): string {
  return text.charCodeAt(at) <= space ? " " : text.charAt(at);
}

/** What several separators are to a shape: the sign that blanks stand around, or one blank for the end of a line. */
function signOf(between: string): string {
  const sign = between.trim();
  if (sign !== "") return sign;
  return /[\t\r\n]/.test(between) ? " " : between;
}

/** Whether the letters stand alone: "Fax" behind a number, not the letters inside one. */
function isWord(text: string, start: number, end: number): boolean {
  return end - start > 1 && !isAlphanumeric(text.charCodeAt(start - 1)) && !isAlphanumeric(text.charCodeAt(end));
}

/** Where the next group begins: at once, or behind up to three separators; -1 if something else stands there. */
function nextGroup(text: string, end: number, separators: Uint8Array): number {
  for (let at = end; at <= end + 3 && at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isAlphanumeric(code)) return at;
    if (separators[code] !== 1) return -1;
  }
  return -1;
}

/** Of a phone within a company: 555-2671x12. */
const extension = /^(?:x|ext?)\.?\d{1,5}(?!\w)/i;

function closesNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (next === space || Number.isNaN(next)) return true;
  if (isGlue(next)) return isDigit(text.charCodeAt(end - 1)) && extension.test(text.slice(end, end + 10));
  const character = text.charAt(end);
  if (character === "@" || character === "%" || currencies.includes(character)) return false;
  return !(".-:/".includes(character) && isDigit(text.charCodeAt(end + 1)));
}

/** Whether digits stand in front, behind a blank: then the number may be the rest of a longer one, or of a row. */
export function followsNumber(text: string, start: number): boolean {
  return text.charCodeAt(start - 1) === space && isDigit(text.charCodeAt(start - 2));
}

/**
 * Whether the groups from `start` may go on a number that began before, as of a phone number, or a row of groups as long
 * as the first. Another short number that stands alone, of a room or a year, is one of its own.
 */
export function continuesNumber({ text, start, groups }: NumberSite): boolean {
  if (!followsNumber(text, start)) return false;
  let first = start - 2;
  while (first > 0 && start - first < 7 && isDigit(text.charCodeAt(first - 1))) first -= 1;
  const length = start - 1 - first;
  if (length > 4 || length === groups[0]?.digits || text.charAt(first) === "0") return true;
  const before = text.charCodeAt(first - 1);
  if (before === space) return isDigit(text.charCodeAt(first - 2));
  return isGlue(before) || "+(.-/".includes(text.charAt(first - 1) || " ");
}

/** Whether digits follow behind a blank. */
export function precedesNumber(text: string, end: number): boolean {
  return text.charCodeAt(end) === space && isDigit(text.charCodeAt(end + 1));
}

/** Whether a number may begin at `start`: nothing in front belongs to it, and it is no amount of money. */
export function opensNumber(text: string, start: number): boolean {
  const before = start - 1;
  if (before < 0) return true;
  const previous = text.charCodeAt(before);
  if (previous === space) return before === 0 || !currencies.includes(text.charAt(before - 1));
  if (isGlue(previous)) return false;
  const character = text.charAt(before);
  if (character === "%") return false;
  if (currencies.includes(character)) return false;
  if (character === "," && isDigit(text.charCodeAt(before - 1))) return !isThousands(text, start);
  return !("-./:".includes(character) && joinsToDigits(text, before));
}

/** Whether three digits and no more stand at `start`, as behind the comma of 12,345. */
function isThousands(text: string, start: number): boolean {
  let at = start;
  while (at < start + 4 && isDigit(text.charCodeAt(at))) at += 1;
  const next = text.charAt(at);
  return at === start + 3 && next !== "-" && next !== " " && next !== ".";
}

/** Whether the word in front of the sign at `sign` has a digit: then the sign joins parts of one number, hash or path. */
function joinsToDigits(text: string, sign: number): boolean {
  for (let at = sign - 1; at >= 0 && at > sign - 14; at -= 1) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) return true;
    if (!isLetter(code)) return false;
  }
  return false;
}
