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
  /** At most ten, at most 48 characters. */
  groups: readonly Group[];
  /** Nothing in front of it belongs to the same number, and it is no amount of money. */
  open: boolean;
  /** The words around `start` and `end`. */
  context(): Context;
};

const maximumGroups = 10;
const maximumLength = 48;
const separators = " -./()";
const currencies = "$€£¥₹";

export function readNumberSite(text: string, start: number, end: number): NumberSite {
  const groups = readGroups(text, start);
  let context: Context | undefined;
  return {
    text,
    start,
    end,
    groups,
    open: opensNumber(text, start),
    context() {
      context ??= readContext(text, start, groups.at(-1)?.end ?? end);
      return context;
    },
  };
}

function readGroups(text: string, start: number): Group[] {
  const groups: Group[] = [];
  const limit = Math.min(text.length, start + maximumLength);
  let at = start;
  let shape = "";
  let digits = 0;
  while (at < limit && groups.length < maximumGroups) {
    const begin = at;
    const numeric = isDigit(text.charCodeAt(at));
    while (at < limit && (numeric ? isDigit : isLetter)(text.charCodeAt(at))) at += 1;
    if (numeric) digits += at - begin;
    shape += numeric ? String(at - begin) : "A".repeat(at - begin);
    const next = nextGroup(text, at);
    groups.push({ start: begin, end: at, shape, digits, closed: closesNumber(text, at) });
    if (next < 0) break;
    shape += text.slice(at, next);
    at = next;
  }
  return groups;
}

/** Where the next group begins: at once, or behind up to three separators; -1 if something else stands there. */
function nextGroup(text: string, end: number): number {
  for (let at = end; at <= end + 3 && at < text.length; at += 1) {
    if (isAlphanumeric(text.charCodeAt(at))) return at;
    if (!separators.includes(text.charAt(at))) return -1;
  }
  return -1;
}

function closesNumber(text: string, end: number): boolean {
  const next = text.charCodeAt(end);
  if (Number.isNaN(next)) return true;
  if (isGlue(next)) return false;
  const character = text.charAt(end);
  if (character === "@" || character === "%" || currencies.includes(character)) return false;
  return !(".-:/".includes(character) && isDigit(text.charCodeAt(end + 1)));
}

function opensNumber(text: string, start: number): boolean {
  if (start === 0) return true;
  const before = start - 1;
  const previous = text.charCodeAt(before);
  if (isGlue(previous)) return false;
  const character = text.charAt(before);
  if (character === "%") return false;
  if (currencies.includes(character)) return false;
  if (character === " " && currencies.includes(text.charAt(before - 1)) && before > 0) return false;
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
