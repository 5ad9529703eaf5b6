import { distinct } from "../distinct-findings.ts";
import type { DetectText, Finding } from "../finding.ts";
import { isAlphanumeric, isDigit, isGlue, isLetter } from "./character-class.ts";
import { findCreditCard } from "./credit-card.ts";
import { findDateOfBirth } from "./date-of-birth.ts";
import { findEmail } from "./email.ts";
import { findIban } from "./iban.ts";
import { findIpv4, findIpv6 } from "./ip-address.ts";
import { findLabelledNumber } from "./labelled-number.ts";
import { findNationalId } from "./national-id.ts";
import { maximumGroups, type NumberSite, opensNumber, readNumberSite } from "./number-site.ts";
import { findPhone } from "./phone.ts";
import { topicsOf } from "./topics.ts";
import { createUrlIndex, type UrlIndex } from "./url-index.ts";

export type StructuredOptions = {
  /** ISO 3166-1 alpha-2: whose numbers count as phone numbers when they are written without a calling code. */
  phoneRegions: readonly string[];
};

/** With fewer, a number is a day of a month at most. */
const fewestDigits = 4;

const lineBreak = /^ ?[\t\r\n][\n ]{0,3}\d/;
const dash = /[\u2010-\u2015\u2212\ufe58\ufe63]/g;
const betweenDigits = /(?<=\d)_(?=\d)/g;
// Not in call_1234567, as ids of tool calls are.
const besideDigits = /(?<=[A-Za-z])(?<!\bcall)_(?=\d)|(?<=\d)_(?=[A-Za-z])/g;

/** A text with hyphens and blanks for underlines in and around numbers; every offset stays what it is. */
function partNumbers(text: string): string {
  return text.includes("_") ? text.replaceAll(betweenDigits, "-").replaceAll(besideDigits, " ") : text;
}

/**
 * Finds e-mail addresses, phone and card numbers, IBANs, national ids, IP addresses, and in the context of words that say
 * so dates of birth, medical record and account numbers. Sorted by start; one number may be found as of several types.
 * One walk over the text; at each number a bounded stretch around it is looked at, so the time is linear in the text's
 * length.
 */
export function createStructuredDetector({ phoneRegions }: StructuredOptions): DetectText {
  return (original) => {
    const text = original.replaceAll(dash, "-");
    const numbers = partNumbers(text);
    const findings: Finding[] = [];
    const urls = createUrlIndex(text);
    const trigger = /[0-9@]/g;
    // Behind the last finding, and behind the last number that was looked at.
    let floor = 0;
    for (let match = trigger.exec(text); match !== null; match = trigger.exec(text)) {
      const at = match.index;
      if (text.charAt(at) === "@") {
        const email = findEmail(text, at);
        if (email !== undefined) {
          findings.push(email);
          trigger.lastIndex = email.end;
          floor = email.end;
        }
        continue;
      }
      const start = tokenStart(numbers, at, floor);
      const end = tokenEnd(numbers, at);
      const whole = findAt(numbers, start, end, floor, urls, phoneRegions);
      const here =
        whole.length === 0 && isLabel(numbers, start, at) ? findAt(numbers, at, end, at, urls, phoneRegions) : whole;
      // What is less sure hides nothing behind its first digits: a room's number may be taken for a part of what follows.
      floor = end;
      for (const finding of here) {
        findings.push(finding);
        if (isSure(finding)) floor = Math.max(floor, finding.end);
      }
      trigger.lastIndex = floor;
    }
    return distinct(findings);
  };
}

function tokenStart(text: string, at: number, floor: number): number {
  let start = at;
  while (start > floor && isAlphanumeric(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

function tokenEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end += 1;
  return end;
}

/** Whether the letters before a number's first digit are a word that says what it is: SSN123456789. */
function isLabel(text: string, start: number, at: number): boolean {
  if (at - start < 2 || at - start > 20 || !opensNumber(text, start)) return false;
  for (let letter = start; letter < at; letter += 1) if (!isLetter(text.charCodeAt(letter))) return false;
  const topics = topicsOf(text.slice(start, at).toLowerCase());
  return topics?.some((topic) => topic !== "other" && topic !== "version" && topic !== "otherDate") ?? false;
}

function findAt(
  text: string,
  start: number,
  end: number,
  floor: number,
  urls: UrlIndex,
  phoneRegions: readonly string[],
): readonly Finding[] {
  const ipv6 = findIpv6(text, start, end);
  if (ipv6 !== undefined) return [ipv6];
  // Behind a letter only where it belongs to a label.
  if (!opensNumber(text, start) && !isLetter(text.charCodeAt(start - 1))) return nothing;
  const site = readNumberSite(text, start, end);
  const lettered = letteredSite(text, start, end, floor);
  const iban = findIban(site) ?? (lettered && findIban(lettered));
  if (iban !== undefined) return [iban];
  if ((site.groups.at(-1)?.digits ?? 0) < fewestDigits) {
    const lines = overLines(site);
    return present(findDateOfBirth(site), lines && findNationalId(lines));
  }
  if (isList(site)) return nothing;
  const ipv4 = findIpv4(site);
  if (ipv4 !== undefined) return [ipv4];
  if (urls.hides(start)) return nothing;
  const lines = overLines(site);
  return present(
    findCreditCard(site),
    lines && findCreditCard(lines),
    lines && findNationalId(lines),
    findNationalId(site) ?? (lettered && findNationalId(lettered)),
    findDateOfBirth(site),
    findPhone(site, phoneRegions),
    lines && text.charAt(start - 1) === "+" ? findPhone(lines, phoneRegions) : undefined,
    findLabelledNumber(site),
  );
}

const nothing: readonly Finding[] = [];

function present(...findings: readonly (Finding | undefined)[]): readonly Finding[] {
  return findings.every((finding) => finding === undefined)
    ? nothing
    : findings.filter((finding) => finding !== undefined);
}

/** Whether its check digits or its words leave no doubt where it ends. */
function isSure({ type }: Finding): boolean {
  return type === "creditCard" || type === "iban" || type === "ipAddress" || type === "dateOfBirth";
}

/** As many groups of up to three digits as are read, without hyphens, make a row of a table, not one number. */
function isList({ groups }: NumberSite): boolean {
  if (groups.length < maximumGroups || !groups.every(({ start, end }) => end - start < 4)) return false;
  const shape = groups.at(-1)?.shape ?? "";
  return !shape.includes("A") && !shape.includes("-");
}

/** The site with what stands in the next lines or columns, if one number may go on there. */
function overLines({ text, start, end, groups }: NumberSite): NumberSite | undefined {
  if (groups[0]?.digits === 1) return undefined;
  const behind = groups.at(-1)?.end ?? end;
  const code = text.charCodeAt(behind);
  if (code > 0x20 || Number.isNaN(code) || !lineBreak.test(text.slice(behind, behind + 5))) return undefined;
  const site = readNumberSite(text, start, end, true);
  return isList(site) ? undefined : site;
}

/** The site from the two letters and the blank in front of the digits, if there are: AB 12 34 56 C. */
function letteredSite(text: string, start: number, end: number, floor: number): NumberSite | undefined {
  const first = start - 3;
  if (first < floor || !" -".includes(text.charAt(start - 1)) || !isDigit(text.charCodeAt(start))) return undefined;
  if (!isLetter(text.charCodeAt(first)) || !isLetter(text.charCodeAt(first + 1))) return undefined;
  return first > 0 && isGlue(text.charCodeAt(first - 1)) ? undefined : readNumberSite(text, first, end);
}
