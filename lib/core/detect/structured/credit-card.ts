import type { Finding } from "../finding.ts";
import { isAbout } from "./context.ts";
import { passesLuhn } from "./luhn.ts";
import { continuesNumber, type Group, type NumberSite, precedesNumber } from "./number-site.ts";
import { saysOther } from "./other-words.ts";

/**
 * Issuers by their first six digits, with the lengths they give out; ISO/IEC 7812 and the networks' public ranges.
 * Tables in packages leave out what old systems still hold: 13-digit Visa, 12-digit Maestro, 15-digit JCB.
 */
const issuers: readonly [from: number, to: number, lengths: readonly number[]][] = [
  [180000, 180099, [15]], // JCB
  [213100, 213199, [15]], // JCB
  [222100, 272099, [16]], // Mastercard
  [300000, 305999, [14, 16, 17, 18, 19]], // Diners Club
  [309500, 309599, [14, 16, 17, 18, 19]], // Diners Club
  [340000, 349999, [15]], // American Express
  [350000, 359999, [16, 17, 18, 19]], // JCB has 3528 to 3589; old systems and test data the others
  [360000, 369999, [14, 15, 16, 17, 18, 19]], // Diners Club
  [370000, 379999, [15]], // American Express
  [380000, 399999, [14, 16, 17, 18, 19]], // Diners Club
  [400000, 499999, [13, 16, 18, 19]], // Visa
  [500000, 509999, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro, Elo, Verve
  [510000, 559999, [16]], // Mastercard
  [560000, 699999, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro, Discover, UnionPay, RuPay, Elo, Hipercard, InstaPayment
  [810000, 817199, [16, 17, 18, 19]], // UnionPay
  [979200, 979299, [16]], // Troy
  [220000, 220499, [16, 17, 18, 19]], // Mir
  [60400, 60499, [12, 13, 14, 15, 16, 17, 18, 19]], // Maestro UK
];

/** How cards are printed. Digits in another grouping need the word "card" near. */
const printed = new Set([
  "4 4 4 4",
  "4-4-4-4",
  "4.4.4.4",
  "4 6 5",
  "4-6-5",
  "4 6 4",
  "4-6-4",
  "4 4 4 4 3",
  "4-4-4-4-3",
]);
/** What these name has not as many digits as a card. */
const neverCards = new Set(
  "amount total sum price prices cost costs zip zipcode postcode postal plz value usd eur gbp inr dollars euros pounds".split(
    " ",
  ),
);
const rivals = ["other", "phone", "account", "identity", "medical"] as const;

/** A payment card at the site: Luhn's check digit, an issuer's range and length, and the words near it. */
export function findCreditCard(site: NumberSite): Finding | undefined {
  const { text, start, groups } = site;
  for (let last = groups.length - 1; last >= 0; last -= 1) {
    const group = groups[last];
    if (group === undefined || !group.closed || group.digits < 12 || group.digits > 19) continue;
    if (group.shape.includes("A") || group.shape.includes("(") || isPartOfRow(site, group)) continue;
    if (!passesLuhn(text, start, group.end)) continue;
    const digits = text.slice(start, group.end).replace(/\D/g, "");
    if (/^(\d)\1+$/.test(digits)) continue;
    const confidence = isIssued(digits) ? confidenceIn(site, group, digits.length) : confidenceOfUnknown(site);
    if (confidence > 0) return { type: "creditCard", start, end: group.end, confidence };
  }
  return undefined;
}

/** Whether it is some groups of a longer row, unless printed as cards are: of a number whose check digit is wrong, parts may pass. */
function isPartOfRow(site: NumberSite, { end, shape }: Group): boolean {
  return /\D/.test(shape) && !printed.has(shape) && (precedesNumber(site.text, end) || continuesNumber(site));
}

function confidenceIn(site: NumberSite, { shape, end }: Group, length: number): number {
  const context = site.context();
  if (isAbout("card", context, rivals)) return 0.99;
  if (site.overLines) return printed.has(shape) && standsAlone(site, end) ? 0.8 : 0;
  if (printed.has(shape)) return 0.95;
  if (shape !== String(length) || length < 15) return 0;
  // Of random numbers of this length, one in thirty passes: so nothing near may say that it is something else.
  return saysOther(site, neverCards) || isAbout("phone", context, []) || isAbout("identity", context, []) ? 0 : 0.8;
}

/** Whether no further numbers stand in the lines around. */
function standsAlone({ text, start }: NumberSite, end: number): boolean {
  return !/\d\s+$/.test(text.slice(Math.max(0, start - 6), start)) && !/^\s+\d/.test(text.slice(end, end + 6));
}

/** Of an issuer that is not in the table, a store or a new network: the word must be there. */
function confidenceOfUnknown(site: NumberSite): number {
  return isAbout("card", site.context(), rivals) ? 0.8 : 0;
}

function isIssued(digits: string): boolean {
  const prefix = Number(digits.slice(0, 6));
  return issuers.some(([from, to, lengths]) => prefix >= from && prefix <= to && lengths.includes(digits.length));
}
