import metadata from "libphonenumber-js/metadata.min.json";
import * as z from "zod";

/** A column is 0 where a region has nothing to say. */
const Text = z.string().optional().catch(undefined);

function prefixPattern(prefix: string | undefined): RegExp | undefined {
  return prefix === undefined ? undefined : new RegExp(`^(?:${prefix})`);
}

/**
 * The columns that are read of a region in libphonenumber's metadata: calling code, (international prefix), pattern of a
 * national number, its lengths, (formats), national prefix, …, pattern and replacement that take the prefix off.
 * Its own parser takes 10 to 40 µs a number and region; these patterns take well under one. The narrower patterns by
 * kind of line are left out: area codes that are not in use yet are still somebody's soon.
 */
const Region = z
  .tuple([z.string(), z.unknown(), z.string(), z.array(z.number())])
  .rest(z.unknown())
  .transform(([callingCode, , pattern, lengths, ...rest]) => ({
    callingCode,
    lengths: new Set(lengths),
    national: new RegExp(`^(?:${pattern})$`),
    prefix: prefixPattern(Text.parse(rest[3]) ?? Text.parse(rest[1])),
    prefixReplacement: Text.parse(rest[4]),
  }));
type Region = z.infer<typeof Region>;

const Metadata = z.object({
  country_calling_codes: z.record(z.string(), z.array(z.string())),
  countries: z.record(z.string(), z.unknown()),
});
const { country_calling_codes: regionsOfCode, countries } = Metadata.parse(metadata);

const compiled = new Map<string, Region>();

function regionOf(name: string): Region | undefined {
  const known = compiled.get(name);
  if (known !== undefined) return known;
  const raw = countries[name];
  if (raw === undefined) return undefined;
  const region = Region.parse(raw);
  compiled.set(name, region);
  return region;
}

/** The regions (ISO 3166-1 alpha-2) whose national numbers can be told from others. */
export const phoneRegionNames: readonly string[] = Object.keys(countries);

/** Whether the digits, as dialled inside one of the regions, are a number that its plan gives out. */
export function isNationalNumber(digits: string, regions: readonly string[]): boolean {
  return regions.some((name) => {
    const region = regionOf(name);
    return region !== undefined && (matches(region, digits) || matches(region, withoutPrefix(region, digits)));
  });
}

/** Whether the digits, as they stand behind a +, are a calling code and a number of its plan. */
export function isInternationalNumber(digits: string): boolean {
  for (let length = 1; length <= 3; length += 1) {
    const regions = regionsOfCode[digits.slice(0, length)];
    if (regions === undefined) continue;
    const national = digits.slice(length);
    // People write +44 (0)20 …: the national prefix behind the calling code.
    return regions.some((name) => {
      const region = regionOf(name);
      return region !== undefined && (matches(region, national) || matches(region, withoutPrefix(region, national)));
    });
  }
  return false;
}

function matches({ lengths, national }: Region, digits: string): boolean {
  return lengths.has(digits.length) && national.test(digits);
}

function withoutPrefix({ prefix, prefixReplacement }: Region, digits: string): string {
  const match = prefix?.exec(digits);
  if (prefix === undefined || !match) return digits;
  // The replacement keeps what the pattern captured, where it captured something: a Mexican or Argentine mobile's area.
  const captured = match.length > 1 && match.at(-1) !== undefined;
  return prefixReplacement !== undefined && captured
    ? digits.replace(prefix, prefixReplacement)
    : digits.slice(match[0].length);
}
