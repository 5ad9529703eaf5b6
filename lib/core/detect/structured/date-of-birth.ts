import type { Finding } from "../finding.ts";
import { isDigit, isWordLetter } from "./character-class.ts";
import { isAbout } from "./context.ts";
import { isMonthName } from "./month-names.ts";
import type { NumberSite } from "./number-site.ts";

/** A time of day may follow: 1985-03-04T00:00:00. */
const numeric = /(\d{1,4})(\.\s?|[/-]|\s)(\d{1,2})(\.\s?|[/-]|\s)(\d{4}|\d{2})(?!\.?(?!T\d\d)[\w/-]*\d)/y;
const compact = /(\d{4})(\d{2})(\d{2})(?!\w)/y;
const eastern = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/y;
const dayFirst =
  /(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+of|\s+de)?[\s-]{1,2}(\p{L}{3,12})\.?,?(?:\s+de|\s+del|\s+of)?[\s-]{1,2}('?\d{2}|\d{4})(?!\d)/uy;
const monthFirst = /(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(\d{4}|'\d{2})(?!\d)/y;
const yearFirst = /(\d{4})[\s-](\p{L}{3,12})\.?[\s-](\d{1,2})(?:st|nd|rd|th)?(?!\d)/uy;
const lastWord = /(\p{L}{3,12}\.?)\s{1,2}$/u;

/** A date at the site that a word near says is when somebody was born. */
export function findDateOfBirth(site: NumberSite): Finding | undefined {
  const found = dateAt(site);
  if (found === undefined || !isAbout("birth", site.context(), ["otherDate"])) return undefined;
  return { type: "dateOfBirth", ...found, confidence: 0.95 };
}

/** Whether digits at `start` are written as a date: these are no phone number. */
export function isNumericDate(text: string, start: number): boolean {
  return numericEnd(text, start) !== undefined;
}

/** Most numbers are told from a date by their length and by what follows, without asking a pattern. */
function dateAt({ text, start, groups }: NumberSite): { start: number; end: number } | undefined {
  const first = groups[0];
  if (first === undefined || first.digits !== first.end - first.start) return undefined;
  let end: number | undefined;
  if (first.digits === 8) end = compactEnd(text, start);
  else if (first.digits <= 2 || first.digits === 4) {
    const next = firstBehind(text, first.end);
    if (isDigit(next)) {
      end = groups.length > 2 ? numericEnd(text, start) : undefined;
      if (end === undefined && first.digits <= 2) return monthFirstAt(text, start);
    } else if (isWordLetter(next)) {
      end = first.digits === 4 ? (easternEnd(text, start) ?? yearFirstEnd(text, start)) : dayFirstEnd(text, start);
      if (end === undefined && first.digits <= 2) return monthFirstAt(text, start);
    }
  }
  return end === undefined ? undefined : { start, end };
}

/** The UTF-16 unit behind up to two signs: does a month or another number follow? */
function firstBehind(text: string, end: number): number {
  let at = end;
  while (at < end + 2 && " .,-/'ºª".includes(text.charAt(at)) && at < text.length) at += 1;
  return text.charCodeAt(at);
}

function numericEnd(text: string, start: number): number | undefined {
  const match = at(numeric, text, start);
  if (match === null) return undefined;
  const [whole, first = "", separator = "", second = "", again = "", third = ""] = match;
  if (separator.trim() !== again.trim() || first.length === 3) return undefined;
  if (separator.trim() === "" && (third.length === 2 || /^\s\d/.test(text.slice(start + whole.length))))
    return undefined;
  const parts = [first, second, third].map(Number);
  const [one = 0, two = 0, three = 0] = parts;
  const plausible =
    first.length === 4
      ? isYear(one) && isMonthAndDay(two, three) && third.length === 2
      : isMonthAndDay(one, two) && (third.length === 2 || isYear(three));
  return plausible ? start + whole.length : undefined;
}

function compactEnd(text: string, start: number): number | undefined {
  const match = at(compact, text, start);
  if (match === null) return undefined;
  const [whole, year, month, day] = match;
  return isYear(Number(year)) && isMonthAndDay(Number(month), Number(day)) ? start + whole.length : undefined;
}

function easternEnd(text: string, start: number): number | undefined {
  const match = at(eastern, text, start);
  return match === null ? undefined : start + match[0].length;
}

function dayFirstEnd(text: string, start: number): number | undefined {
  const match = at(dayFirst, text, start);
  return match !== null && isDay(Number(match[1])) && isMonthName(match[2] ?? "") ? start + match[0].length : undefined;
}

function yearFirstEnd(text: string, start: number): number | undefined {
  const match = at(yearFirst, text, start);
  return match !== null && isYear(Number(match[1])) && isMonthName(match[2] ?? "")
    ? start + match[0].length
    : undefined;
}

function monthFirstAt(text: string, start: number): { start: number; end: number } | undefined {
  const match = at(monthFirst, text, start);
  if (match === null || !isDay(Number(match[1]))) return undefined;
  const word = lastWord.exec(text.slice(Math.max(0, start - 15), start));
  if (word === null || !isMonthName(word[1] ?? "")) return undefined;
  return { start: start - word[0].length, end: start + match[0].length };
}

function at(pattern: RegExp, text: string, start: number): RegExpExecArray | null {
  pattern.lastIndex = start;
  return pattern.exec(text);
}

function isYear(year: number): boolean {
  return year >= 1880 && year <= 2099;
}

function isDay(day: number): boolean {
  return day >= 1 && day <= 31;
}

/** In either order: 03/12 and 12/03 are both dates somewhere. */
function isMonthAndDay(one: number, other: number): boolean {
  return isDay(one) && isDay(other) && (one <= 12 || other <= 12);
}
