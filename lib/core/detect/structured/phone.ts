import type { Finding } from "../finding.ts";
import { isDigit, isGlue } from "./character-class.ts";
import { isAbout } from "./context.ts";
import { isNumericDate } from "./date-of-birth.ts";
import type { Group, NumberSite } from "./number-site.ts";
import { isInternationalNumber, isNationalNumber } from "./phone-regions.ts";

/** ITU-T E.164. */
const maximumDigits = 15;
const rivals = ["card", "account", "identity", "medical", "other", "version", "birth"] as const;

/** Grouped by threes from the right, as amounts are. */
const thousands = /^[1-9]\d{0,2}(?:([ .])\d{3})(?:\1\d{3})*$/;
/** One sign between two numbers: a decimal, a fraction, a range of years or pages, an American post code. */
const pair = /^\d+[./-]\d+$/;

/**
 * A phone number at the site. With a calling code it must be one of that country's plan; without, one of a plan of
 * `regions` and written as a phone number is; or a word near says that it is one: then any seven to fifteen digits do.
 */
export function findPhone(site: NumberSite, regions: readonly string[]): Finding | undefined {
  const { text } = site;
  const start = phoneStart(site);
  if (start === undefined) return undefined;
  const ends = possibleEnds(site);
  const longest = ends[0];
  if (longest === undefined) return undefined;
  const written = text.slice(start, longest.end);
  const plus = written.startsWith("+") || written.startsWith("(+");

  for (const { end } of ends) {
    const digits = text.slice(start, end).replace(/\D/g, "");
    if (plus) {
      if (isInternationalNumber(digits)) return { type: "phone", start, end, confidence: 0.97 };
    } else if (digits.startsWith("00") && isInternationalNumber(digits.slice(2))) {
      return { type: "phone", start, end, confidence: isAbout("phone", site.context(), rivals) ? 0.97 : 0.8 };
    }
  }
  if (isNumericDate(text, site.start)) return undefined;
  const about = isAbout("phone", site.context(), rivals);
  for (const { end } of ends) {
    const candidate = text.slice(start, end);
    const digits = candidate.replace(/\D/g, "");
    if (!isNationalNumber(digits, regions)) continue;
    if (about) return { type: "phone", start, end, confidence: 0.95 };
    if (looksDialled(candidate) && !isAbout("other", site.context(), []))
      return { type: "phone", start, end, confidence: 0.75 };
  }
  if (!about) return undefined;
  const end = namedEnd(site, start, longest);
  return end === undefined ? undefined : { type: "phone", start, end, confidence: 0.7 };
}

/** Where the number begins: at its +, its bracket or its first digit; undefined if none can begin here. */
function phoneStart({ text, start, open }: NumberSite): number | undefined {
  if (!isDigit(text.charCodeAt(start))) return undefined;
  let at = start;
  if (text.charAt(at - 1) === "(") at -= 1;
  if (text.charAt(at - 1) === "+") at -= 1;
  if (text.charAt(at - 1) === "(" && text.charAt(at) === "+") at -= 1;
  if (at === start) return open ? at : undefined;
  const previous = text.charCodeAt(at - 1);
  // f(1234567890) is a call, 2+15551234567 a sum.
  return at > 0 && (isGlue(previous) || text.charAt(at - 1) === ")") ? undefined : at;
}

/** Ends of groups of digits at which a number of seven to fifteen digits may end, longest first. */
function possibleEnds({ text, groups }: NumberSite): Group[] {
  const ends: Group[] = [];
  let single = 0;
  for (const group of groups) {
    if (!isDigit(text.charCodeAt(group.start)) || group.digits > maximumDigits) break;
    if (group.end - group.start === 1) single += 1;
    if (single > 3) break;
    if (group.closed && group.digits >= 6) ends.unshift(group);
  }
  return ends;
}

/** Whether a number that some plan gives out is also written as people write phone numbers, and not as amounts or lists. */
function looksDialled(candidate: string): boolean {
  if (thousands.test(candidate) || pair.test(candidate) || !/[ .\-/()]/.test(candidate)) return false;
  if (candidate.startsWith("(")) return true;
  const parts = candidate.split(/\D+/);
  if (candidate.startsWith("0")) return parts.length >= 2 && !candidate.startsWith("00");
  return parts.length >= 3 && /[-.]/.test(candidate) && parts.every((part) => part.length >= 2);
}

/** The end of digits of which only the words near say that they are a phone number. */
function namedEnd({ text }: NumberSite, start: number, longest: Group): number | undefined {
  const candidate = text.slice(start, longest.end);
  const digits = candidate.replace(/\D/g, "");
  if (digits.length < 7 || isMoney(text, start, longest.end) || /^\d+\.\d+$/.test(candidate)) return undefined;
  if (/^(?:19|20)\d\d\D(?:19|20)\d\d$/.test(candidate)) return undefined;
  return longest.end;
}

function isMoney(text: string, start: number, end: number): boolean {
  return (
    /^(?:,\d| ?(?:[%€$£¥]|usd|eur|gbp|dollars?|euros?|pounds?|million|billion|thousand))/i.test(
      text.slice(end, end + 12),
    ) || /(?:[€$£¥]|usd|eur|gbp) ?$/i.test(text.slice(Math.max(0, start - 5), start))
  );
}
