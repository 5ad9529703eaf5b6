import {
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  getExampleNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js";
import examples from "libphonenumber-js/examples.mobile.json";
import { describe, expect, it } from "vitest";
import { isInternationalNumber, isNationalNumber } from "../../../../lib/core/detect/structured/phone-regions.ts";
import { createRandom } from "./random.ts";

/** libphonenumber's own reading of the metadata, which also asks which ranges are in use. */
function isValid(text: string, region?: CountryCode): boolean {
  return (
    parsePhoneNumberFromString(text, { ...(region && { defaultCountry: region }), extract: false })?.isValid() ?? false
  );
}

describe("phone numbers by region", () => {
  it("takes every region's example, with and without the calling code", () => {
    const refused = getCountries().filter((region) => {
      const example = getExampleNumber(region, examples);
      if (example === undefined) return false;
      const national = example.formatNational().replace(/\D/g, "");
      return !isNationalNumber(national, [region]) || !isInternationalNumber(example.number.slice(1));
    });

    expect(refused).toEqual([]);
  });

  it("takes all that libphonenumber takes, and of random digits few others", () => {
    const random = createRandom(5);
    const regions = ["US", "GB", "DE", "FR", "ES", "IT", "NL", "PL", "IN", "JP", "AU", "ZA", "SE", "MX"] as const;
    const draws = Array.from({ length: 3000 }, () => ({
      region: random.pick(regions),
      // 00 in front would be dialled abroad: that is asked for as an international number.
      digits: `${random.pick(["", "0"])}${1 + random.below(9)}${random.digits(6 + random.below(5))}`,
    }));

    // libphonenumber also takes a calling code without its +.
    const refused = draws.filter(
      ({ region, digits }) =>
        isValid(digits, region) &&
        !isNationalNumber(digits, [region]) &&
        !digits.startsWith(getCountryCallingCode(region)),
    );
    const added = draws.filter(({ region, digits }) => !isValid(digits, region) && isNationalNumber(digits, [region]));

    expect(refused).toEqual([]);
    expect(added.length).toBeLessThan(200);
  });

  it("knows no region by another name", () => {
    expect(isNationalNumber("4155552671", ["XX"])).toBe(false);
    expect(isInternationalNumber("99912345678")).toBe(false);
  });
});
