import { attribute, levelOf } from "./attributes.ts";
import type { Candidate } from "./candidates.ts";
import { cueNumber } from "./cues.ts";
import type { Likeness } from "./likeness.ts";
import type { TextStyle } from "./style.ts";
import { isTitled } from "./titles.ts";
import { gap, shape, type Tokens } from "./tokens.ts";

/** How the likeness of one word is read: text, start, end. */
export type ReadLikeness = (text: string, start: number, end: number) => Likeness;

// A neighbour is one of the cue classes, or, when it has none, one of these.
const cues = cueNumber.size + 1;
const neighbour = {
  edge: 0,
  number: cues,
  word: cues + 1,
  rare: cues + 2,
  name: cues + 3,
  unknown: cues + 4,
  upper: cues + 5,
};
const neighbours = cues + 6;
const gaps = 9;
/** How certainly a word is a name by the lists alone: 0 as much a word, to 3; 4 no list has it; 5 there is no word. */
const strengths = 6;
const buckets = 12;

// Features stand in groups; a group's numbers follow the one before's. Kept as pairs so that the sizes are seen.
const groupSizes = {
  words: strengths * strengths * 3,
  listed: 256 * 3 * 2,
  listedLast: 256 * 3,
  before: neighbours * gaps,
  beforeWord: neighbours * strengths * 2,
  beforePair: neighbours * neighbours,
  after: neighbours * gaps,
  afterWord: neighbours * strengths * 2,
  afterPair: neighbours * neighbours,
  form: 4 * 2 * 2 * 2 * 3,
  style: 4 * 3 * strengths * strengths,
  place: 4 * neighbours,
  placeWord: 4 * strengths * strengths,
  opening: 2 * strengths * 4 * 2,
  likeWord: buckets * 3 * 2 * 2,
  likePlace: buckets * 2 * 2,
  possessive: 2 * neighbours,
  length: 4 * strengths * strengths,
  language: 3 * strengths * strengths * 3,
  languageListed: 3 * 16 * 16 * 3,
  firstCue: cues * 2,
  lastCue: cues * 2,
  gapsBoth: gaps * gaps,
};
type Group = keyof typeof groupSizes;
const offsets = new Map<string, number>();
let total = 0;
for (const [name, size] of Object.entries(groupSizes)) {
  offsets.set(name, total);
  total += size;
}
export const featureCount = total;
function offset(name: Group): number {
  return offsets.get(name) ?? 0;
}
const at0 = {
  words: offset("words"),
  listed: offset("listed"),
  listedLast: offset("listedLast"),
  before: offset("before"),
  beforeWord: offset("beforeWord"),
  beforePair: offset("beforePair"),
  after: offset("after"),
  afterWord: offset("afterWord"),
  afterPair: offset("afterPair"),
  form: offset("form"),
  style: offset("style"),
  place: offset("place"),
  placeWord: offset("placeWord"),
  opening: offset("opening"),
  likeWord: offset("likeWord"),
  likePlace: offset("likePlace"),
  possessive: offset("possessive"),
  length: offset("length"),
  language: offset("language"),
  languageListed: offset("languageListed"),
  firstCue: offset("firstCue"),
  lastCue: offset("lastCue"),
  gapsBoth: offset("gapsBoth"),
};

function gapClass(between: number): number {
  if (between & gap.start) return 8;
  if (between & gap.newline) return between & gap.colon ? 2 : 3;
  if (between & gap.colon) return 2;
  if (between & (gap.stop | gap.period)) return 4;
  if (between & gap.quote) return 5;
  if (between & gap.bracket) return 6;
  if (between & gap.comma) return 1;
  return between === gap.space ? 0 : 7;
}

function neighbourOf(tokens: Tokens, at: number): number {
  if (at < 0 || at >= tokens.count) return neighbour.edge;
  const cue = tokens.cue[at] ?? 0;
  if (cue !== 0) return cue;
  const written = tokens.shape[at];
  if (written === shape.number) return neighbour.number;
  const attributes = tokens.attributes[at] ?? 0;
  const word = levelOf(attributes, attribute.word);
  if (written === shape.lower) return word >= 2 ? neighbour.word : neighbour.rare;
  if ((attributes & 15) !== 0 && word < 3) return neighbour.name;
  if (word >= 2) return neighbour.word;
  return written === shape.upper || written === shape.initial ? neighbour.upper : neighbour.unknown;
}

/** The letter or the number of a list: "B. " or "2) " at the start of a line. */
function isListMark(tokens: Tokens, at: number): boolean {
  const written = tokens.shape[at];
  if (written !== shape.initial && written !== shape.number) return false;
  const atStart = ((tokens.gap[at] ?? 0) & (gap.newline | gap.start | gap.bracket)) !== 0;
  return atStart && ((tokens.gap[at + 1] ?? 0) & (gap.period | gap.bracket)) !== 0;
}

/** How certainly one word is a name. */
function strengthOf(attributes: number): number {
  const name = Math.max(levelOf(attributes, attribute.first), levelOf(attributes, attribute.last));
  const word = levelOf(attributes, attribute.word);
  if (name === 0) return word === 0 ? 4 : 0;
  return Math.max(0, name - (word === 3 ? 3 : word));
}

function bucket(logOdds: number): number {
  return Math.max(0, Math.min(buckets - 1, 6 + Math.floor(logOdds / 128)));
}

/** Writes the numbers of the features that hold of a candidate into `into`, and returns how many they are. */
export function writeFeatures(
  text: string,
  tokens: Tokens,
  { first, last }: Candidate,
  textStyle: TextStyle,
  like: ReadLikeness,
  into: Int32Array,
): number {
  let initials = 0;
  let links = 0;
  let words = 0;
  let place = 0;
  let leading = 5;
  let trailing = 5;
  let firstWord = first;
  let likeWord = -1e9;
  let likePlace = -1e9;
  let unknown = 0;
  for (let at = first; at <= last; at++) {
    if (tokens.shape[at] === shape.initial) {
      initials = 1;
      continue;
    }
    if (tokens.shape[at] === shape.lower && tokens.shape[first] !== shape.lower) {
      links = 1;
      continue;
    }
    const attributes = tokens.attributes[at] ?? 0;
    const strength = strengthOf(attributes);
    if (words === 0) {
      leading = strength;
      firstWord = at;
    } else trailing = words === 1 || strength !== 4 ? strength : trailing;
    words++;
    place = Math.max(place, levelOf(attributes, attribute.place));
    if (strength === 4) unknown = 1;
    const likeness = like(text, tokens.start[at] ?? 0, tokens.end[at] ?? 0);
    likeWord = Math.max(likeWord, likeness.word);
    likePlace = Math.max(likePlace, likeness.place);
  }
  const many = words > 1 ? 1 : 0;
  const written = tokens.shape[firstWord] === shape.upper ? 2 : tokens.shape[firstWord] === shape.lower ? 0 : 1;
  const pair = leading * strengths + trailing;
  const end = trailing === 5 ? leading : trailing;

  const gapBefore = tokens.gap[first] ?? 0;
  const gapAfter = tokens.gap[last + 1] ?? 0;
  const listed = isListMark(tokens, first - 1);
  const before = listed ? neighbour.edge : neighbourOf(tokens, first - 1);
  const before2 = listed ? neighbour.upper : neighbourOf(tokens, first - 2);
  const after = neighbourOf(tokens, last + 1);
  const after2 = neighbourOf(tokens, last + 2);
  const gapLeft = listed ? 3 : isTitled(tokens, first) ? 0 : gapClass(gapBefore);
  const gapRight = last + 1 >= tokens.count ? 8 : gapClass(gapAfter);
  const opening = gapLeft === 3 || gapLeft === 4 || gapLeft === 8 ? 1 : 0;
  const length = tokens.count <= 6 ? 0 : tokens.count <= 15 ? 1 : tokens.count <= 40 ? 2 : 3;
  const possessive = tokens.possessive[last] ? 1 : 0;
  const hyphen = many && (tokens.gap[last] ?? 0) & gap.hyphen ? 1 : 0;

  let count = 0;
  into[count++] = at0.words + pair * 3 + written;
  into[count++] = at0.listed + ((tokens.attributes[firstWord] ?? 0) * 3 + written) * 2 + many;
  if (many) into[count++] = at0.listedLast + (tokens.attributes[last] ?? 0) * 3 + written;
  into[count++] = at0.before + before * gaps + gapLeft;
  into[count++] = at0.beforeWord + (before * strengths + leading) * 2 + many;
  into[count++] = at0.beforePair + before * neighbours + before2;
  into[count++] = at0.after + after * gaps + gapRight;
  into[count++] = at0.afterWord + (after * strengths + end) * 2 + many;
  into[count++] = at0.afterPair + after * neighbours + after2;
  into[count++] = at0.form + (((Math.min(words, 4) - 1) * 2 + initials) * 2 + links) * 6 + hyphen * 3 + written;
  into[count++] = at0.style + (textStyle.style * 3 + written) * strengths * strengths + pair;
  into[count++] = at0.place + place * neighbours + before;
  into[count++] = at0.placeWord + place * strengths * strengths + pair;
  into[count++] =
    at0.opening +
    ((opening * strengths + leading) * 4 + levelOf(tokens.attributes[firstWord] ?? 0, attribute.word)) * 2 +
    many;
  into[count++] = at0.likeWord + (bucket(likeWord) * 3 + written) * 4 + unknown * 2 + many;
  into[count++] = at0.likePlace + bucket(likePlace) * 4 + unknown * 2 + many;
  into[count++] = at0.possessive + possessive * neighbours + after;
  into[count++] = at0.length + length * strengths * strengths + pair;
  into[count++] = at0.language + (textStyle.language * strengths * strengths + pair) * 3 + written;
  const listedFirst = (tokens.attributes[firstWord] ?? 0) & 15;
  const listedLast = many ? (tokens.attributes[last] ?? 0) & 15 : 0;
  into[count++] = at0.languageListed + ((textStyle.language * 16 + listedFirst) * 16 + listedLast) * 3 + written;
  into[count++] = at0.firstCue + (tokens.cue[firstWord] ?? 0) * 2 + many;
  into[count++] = at0.lastCue + (tokens.cue[last] ?? 0) * 2 + many;
  into[count++] = at0.gapsBoth + gapLeft * gaps + gapRight;
  return count;
}

/** The most features that writeFeatures writes. */
export const featuresAtOnce = 23;
