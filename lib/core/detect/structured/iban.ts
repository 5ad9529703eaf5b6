import { countrySpecs } from "ibantools";
import type { Finding } from "../finding.ts";
import { isAlphanumeric } from "./character-class.ts";
import type { NumberSite } from "./number-site.ts";

const formats = new Map(
  Object.entries(countrySpecs).flatMap(([country, { chars, bban_regexp }]) =>
    chars && bban_regexp ? [[country, { length: chars, account: new RegExp(bban_regexp) }] as const] : [],
  ),
);

/** By UTF-16 unit: what may part it. */
const isSeparator = Uint8Array.from({ length: 128 }, (_, code) =>
  " -./_\t\r\n".includes(String.fromCharCode(code)) ? 1 : 0,
);

/**
 * An IBAN at the site: country, length and account format from ibantools' registry, and mod 97 (ISO 13616). Blanks, line
 * ends and signs may part it. What a country's own check digits inside the account say is not asked: banks write IBANs that
 * fail it, and mod 97 leaves one random number in a hundred.
 */
export function findIban(site: NumberSite): Finding | undefined {
  const { text, start, groups } = site;
  const checkDigits = groups[1]?.start ?? start;
  if (groups[0]?.shape !== "AA" || checkDigits < start + 2 || checkDigits > start + 3) return undefined;
  const format = formats.get(text.slice(start, start + 2).toUpperCase());
  if (format === undefined) return undefined;
  let iban = "";
  let end = start;
  while (iban.length < format.length && end < text.length) {
    if (isAlphanumeric(text.charCodeAt(end))) iban += text.charAt(end);
    else {
      let next = end;
      while (next < end + 3 && isSeparator[text.charCodeAt(next)] === 1) next += 1;
      if (next === end || !isAlphanumeric(text.charCodeAt(next))) return undefined;
      end = next - 1;
    }
    end += 1;
  }
  if (isAlphanumeric(text.charCodeAt(end)) || iban.length < format.length) return undefined;
  iban = iban.toUpperCase();
  if (!format.account.test(iban.slice(4)) || !hasCheckDigits(iban)) return undefined;
  return { type: "iban", start, end, confidence: 0.98 };
}

/** ISO 7064 mod 97-10, a digit or letter at a time. */
function hasCheckDigits(iban: string): boolean {
  let remainder = 0;
  for (let at = 0; at < iban.length; at += 1) {
    const value = Number.parseInt(iban.charAt((at + 4) % iban.length), 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
