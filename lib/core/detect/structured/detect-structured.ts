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
import { toPlainCharacters } from "./plain-characters.ts";
import { createUrlIndex, type UrlIndex } from "./url-index.ts";

export type StructuredOptions = {
  /** ISO 3166-1 alpha-2: whose numbers count as phone numbers when they are written without a calling code. */
  phoneRegions: readonly string[];
};

/** With fewer, a number is a day of a month at most. */
const fewestDigits = 4;

/**
 * Finds e-mail addresses, phone and card numbers, IBANs, national ids, IP addresses, and in the context of words that say
 * so dates of birth, medical record and account numbers. Sorted by start; one
 * number may be found as of several types. One walk over the text; at
 * each number a bounded stretch around it is looked at, so the time is linear in the text's length.
 */
export function createStructuredDetector({ phoneRegions }: StructuredOptions): DetectText {
  return (original) => {
    const text = toPlainCharacters(original);
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
      const start = tokenStart(text, at, floor);
      const end = tokenEnd(text, at);
      const here = findAt(text, start, end, floor, urls, phoneRegions);
      findings.push(...here);
      // What is less sure hides nothing behind its first digits: a room's number may be taken for a part of what follows.
      floor = here.reduce((least, finding) => (isSure(finding) ? Math.max(least, finding.end) : least), end);
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

function findAt(
  text: string,
  start: number,
  end: number,
  floor: number,
  urls: UrlIndex,
  phoneRegions: readonly string[],
): Finding[] {
  const ipv6 = findIpv6(text, start, end);
  if (ipv6 !== undefined) return [ipv6];
  if (!opensNumber(text, start)) return [];
  const site = readNumberSite(text, start, end);
  const iban = findIban(site);
  if (iban !== undefined) return [iban];
  if ((site.groups.at(-1)?.digits ?? 0) < fewestDigits) return present(findDateOfBirth(site));
  if (isList(site)) return [];
  const ipv4 = findIpv4(site);
  if (ipv4 !== undefined) return [ipv4];
  if (urls.hides(start)) return [];
  const lettered = letteredSite(text, start, end, floor);
  return present(
    findCreditCard(site),
    findNationalId(site) ?? (lettered && findNationalId(lettered)),
    findDateOfBirth(site),
    findPhone(site, phoneRegions),
    findLabelledNumber(site),
  );
}

function present(...findings: readonly (Finding | undefined)[]): Finding[] {
  return findings.filter((finding) => finding !== undefined);
}

/** Whether its check digits or its words leave no doubt where it ends. */
function isSure({ type }: Finding): boolean {
  return type === "creditCard" || type === "iban" || type === "ipAddress" || type === "dateOfBirth";
}

/** As many groups of up to three digits as are read, without hyphens, make a row of a table, not one number. */
function isList({ groups }: NumberSite): boolean {
  return (
    groups.length === maximumGroups &&
    /^[^A-]+$/.test(groups.at(-1)?.shape ?? "A") &&
    groups.every(({ start, end }) => end - start < 4)
  );
}

/** The site from the two letters and the blank in front of the digits, if there are: AB 12 34 56 C. */
function letteredSite(text: string, start: number, end: number, floor: number): NumberSite | undefined {
  const first = start - 3;
  if (first < floor || !" -".includes(text.charAt(start - 1)) || !isDigit(text.charCodeAt(start))) return undefined;
  if (!isLetter(text.charCodeAt(first)) || !isLetter(text.charCodeAt(first + 1))) return undefined;
  return first > 0 && isGlue(text.charCodeAt(first - 1)) ? undefined : readNumberSite(text, first, end);
}
