import type { Finding } from "../finding.ts";
import { isDigit, isGlue } from "./character-class.ts";
import { distanceTo, isAbout } from "./context.ts";
import { isNumericDate } from "./date-of-birth.ts";
import { isPlain, isQuantity, isTagged, looksDialled, looksNational } from "./dialled-form.ts";
import { followsNumber, type Group, type NumberSite } from "./number-site.ts";
import { saysOther } from "./other-words.ts";
import { isInternationalNumber, isNationalNumber } from "./phone-regions.ts";

/** ITU-T E.164. */
const maximumDigits = 15;
/** Shorter ones are years, amounts and rooms far more often. */
const fewestDigits = 7;
const namedRivals = ["card", "account", "identity", "medical", "version", "birth"] as const;
const rivals = [...namedRivals, "other"] as const;

/**
 * A phone number at the site. With a calling code it must be one of that country's plan; without, one of a plan of
 * `regions` and written as a phone number is; or a word near says that it is one: then any seven to fifteen digits do.
 */
export function findPhone(site: NumberSite, regions: readonly string[]): Finding | undefined {
  const start = phoneStart(site);
  const ends = start === undefined ? [] : possibleEnds(site);
  if (start === undefined || ends.length === 0) return undefined;
  return findInternational(site, start, ends) ?? findNational(site, start, ends, regions);
}

function findInternational(site: NumberSite, start: number, ends: readonly Group[]): Finding | undefined {
  const { text } = site;
  const plus = site.start > start && text.slice(start, site.start).includes("+");
  if (!plus && !text.startsWith("00", site.start)) return undefined;
  for (const { end } of ends) {
    const digits = digitsOf(text, start, end);
    if (!isInternationalNumber(plus ? digits : digits.slice(2))) continue;
    if (plus || isAbout("phone", site.context(), rivals)) return { type: "phone", start, end, confidence: 0.97 };
    return isContradicted(site) ? undefined : { type: "phone", start, end, confidence: 0.8 };
  }
  return undefined;
}

function findNational(
  site: NumberSite,
  start: number,
  ends: readonly Group[],
  regions: readonly string[],
): Finding | undefined {
  const { text } = site;
  const longest = ends[0];
  if (longest === undefined) return undefined;
  const about = isAbout("phone", site.context(), rivals) || isTagged(text, start, longest.end);
  if (!about && isPlain(longest.shape, text.charAt(start))) return undefined;
  if (isNumericDate(text, site.start) || isQuantity(text, start, longest.end)) return undefined;
  const contradicted = !about && (saysOther(site) || (longest.shape.includes(".") && isVersion(site)));
  for (const { end } of ends) {
    if (!about && (contradicted || !looksDialled(text.slice(start, end)) || isRest(text, start, end))) continue;
    if (!isNationalNumber(digitsOf(text, start, end), regions)) continue;
    return { type: "phone", start, end, confidence: about ? 0.95 : 0.75 };
  }
  if (!about) return findAbroad(site, start, ends);
  return { type: "phone", start, end: longest.end, confidence: 0.7 };
}

/** Of a region that is not configured, with no word near: only where nothing near speaks against it. */
function findAbroad(site: NumberSite, start: number, ends: readonly Group[]): Finding | undefined {
  const { text } = site;
  const dialled = ends.find(({ end }) => looksNational(text.slice(start, end)) && !isRest(text, start, end));
  if (dialled === undefined) return undefined;
  if (isContradicted(site)) return undefined;
  return { type: "phone", start, end: dialled.end, confidence: 0.5 };
}

/** Whether groups parted by blanks stand behind another group: the rest of a longer number, or of a row. */
function isRest(text: string, start: number, end: number): boolean {
  return followsNumber(text, start) && text.charAt(start) !== "(" && text.slice(start, end).includes(" ");
}

function isVersion(site: NumberSite): boolean {
  return distanceTo("version", site.context()) < Number.POSITIVE_INFINITY;
}

/** Whether a word near says that it is something else. */
function isContradicted(site: NumberSite): boolean {
  const context = site.context();
  return saysOther(site) || namedRivals.some((rival) => distanceTo(rival, context) < Number.POSITIVE_INFINITY);
}

/** Where the number begins: at its +, its bracket or its first digit; undefined if none can begin here. */
function phoneStart({ text, start }: NumberSite): number | undefined {
  if (!isDigit(text.charCodeAt(start))) return undefined;
  let at = start;
  if (text.charAt(at - 1) === "(") at -= 1;
  if (text.charAt(at - 1) === "+") at -= 1;
  if (text.charAt(at - 1) === "(" && text.charAt(at) === "+") at -= 1;
  if (at === start || at === 0) return at;
  // f(1234567890) is a call, 2+15551234567 a sum.
  return isGlue(text.charCodeAt(at - 1)) || text.charAt(at - 1) === ")" ? undefined : at;
}

/** Ends of groups of digits at which a number may end, longest first. */
function possibleEnds({ text, groups }: NumberSite): Group[] {
  const ends: Group[] = [];
  let single = 0;
  for (const group of groups) {
    if (!isDigit(text.charCodeAt(group.start)) || group.digits > maximumDigits) break;
    if (group.end - group.start === 1) single += 1;
    if (single > 3) break;
    if (group.closed && group.digits >= fewestDigits) ends.unshift(group);
  }
  return ends;
}

function digitsOf(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\D/g, "");
}
