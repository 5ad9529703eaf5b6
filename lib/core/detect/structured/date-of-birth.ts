import type { Finding } from "../finding.ts";
import { isAbout } from "./context.ts";
import { isMonthName } from "./month-names.ts";
import type { NumberSite } from "./number-site.ts";

const numeric = /(\d{1,4})(\.\s?|[/-]|\s)(\d{1,2})(\.\s?|[/-]|\s)(\d{4}|\d{2})(?![\w/-]*\d)/y;
const compact = /(\d{4})(\d{2})(\d{2})(?!\w)/y;
const eastern = /(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]/y;
const dayFirst =
  /(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.)?(?:\s+of|\s+de)?[\s-]{1,2}(\p{L}{3,12})\.?,?(?:\s+de|\s+del|\s+of)?[\s-]{1,2}('?\d{2}|\d{4})(?!\d)/uy;
const monthFirst = /(\d{1,2})(?:st|nd|rd|th)?,?\s{1,2}(\d{4}|'\d{2})(?!\d)/y;
const yearFirst = /(\d{4})[\s-](\p{L}{3,12})\.?[\s-](\d{1,2})(?:st|nd|rd|th)?(?!\d)/uy;
const lastWord = /(\p{L}{3,12}\.?)\s{1,2}$/u;

/** A date at the site that a word near says is when somebody was born. */
export function findDateOfBirth(site: NumberSite): Finding | undefined {
  const { text, start } = site;
  if (!isAbout("birth", site.context(), ["otherDate"])) return undefined;
  const found = dateAt(text, start);
  return found === undefined ? undefined : { type: "dateOfBirth", ...found, confidence: 0.95 };
}

/** Whether digits at `start` are written as a date: these are no phone number. */
export function isNumericDate(text: string, start: number): boolean {
  return numericEnd(text, start) !== undefined;
}

function dateAt(text: string, start: number): { start: number; end: number } | undefined {
  const end = numericEnd(text, start) ?? compactEnd(text, start) ?? easternEnd(text, start) ?? namedEnd(text, start);
  if (end !== undefined) return { start, end };
  return monthFirstAt(text, start);
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

function namedEnd(text: string, start: number): number | undefined {
  const day = at(dayFirst, text, start);
  if (day !== null && isDay(Number(day[1])) && isMonthName(day[2] ?? "")) return start + day[0].length;
  const year = at(yearFirst, text, start);
  return year !== null && isYear(Number(year[1])) && isMonthName(year[2] ?? "") ? start + year[0].length : undefined;
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
