import { isDigit, isWordLetter } from "./character-class.ts";
import { phraseTopics, type Topic, topicsOf } from "./topics.ts";

/** A word near a number. */
type ContextWord = {
  /** In lower case. */
  word: string;
  /** What the word, alone or with the one behind it, says about a number near it. */
  topics: readonly Topic[];
  /** Characters between it and the number. */
  distance: number;
};

export type Context = {
  /** Nearest first. */
  before: readonly ContextWord[];
  /** Nearest first. */
  after: readonly ContextWord[];
};

const reachBefore = 60;
const reachAfter = 28;
const maximumWords = 12;
const none: readonly Topic[] = [];

/** A word behind a number says less than one in front of it, by this many characters. */
const behindPenalty = 14;

export function readContext(text: string, start: number, end: number): Context {
  return { before: wordsBefore(text, start), after: wordsAfter(text, end) };
}

/** Characters to the nearest word of the topic, Infinity if there is none. */
export function distanceTo(topic: Topic, { before, after }: Context): number {
  const front = before.find(({ topics }) => topics.includes(topic))?.distance ?? Number.POSITIVE_INFINITY;
  const back = after.find(({ topics }) => topics.includes(topic))?.distance ?? Number.POSITIVE_INFINITY;
  return Math.min(front, back + behindPenalty);
}

/** Whether the topic has a word near, and none of the rivals a nearer one. */
export function isAbout(topic: Topic, context: Context, rivals: readonly Topic[]): boolean {
  const distance = distanceTo(topic, context);
  return distance < Number.POSITIVE_INFINITY && rivals.every((rival) => distanceTo(rival, context) >= distance);
}

function wordsBefore(text: string, start: number): ContextWord[] {
  const words: ContextWord[] = [];
  const floor = Math.max(0, start - reachBefore);
  let following = "";
  /** Where the word that follows begins. */
  let next = start;
  let at = start;
  while (at > floor && words.length < maximumWords) {
    while (at > floor && !isWordLetter(text.charCodeAt(at - 1))) at -= 1;
    const end = at;
    while (at > floor && isWordLetter(text.charCodeAt(at - 1)) && !startsHump(text, at, end)) at -= 1;
    if (at === end) break;
    const initials = end - at === 1;
    if (initials) while (at - 2 >= floor && isInitial(text, at - 2)) at -= 2;
    const letters = text.slice(at, end).toLowerCase();
    const word = initials ? letters.replaceAll(".", "") : letters;
    const phrase = isJoined(text, end, next) ? phraseTopics(word, following) : undefined;
    const last = words.at(-1);
    // A phrase says what its words alone do not: the account of "permanent account number" is none.
    if (phrase !== undefined && last !== undefined) words[words.length - 1] = { ...last, topics: phrase };
    words.push({ word, topics: phrase ?? topicsOf(word) ?? none, distance: start - end });
    following = word;
    next = at;
  }
  return words;
}

/** Whether a letter and a point stand at `at`, and no longer word: D.O.B. is one word. */
function isInitial(text: string, at: number): boolean {
  if (text.charAt(at + 1) !== "." || !isWordLetter(text.charCodeAt(at))) return false;
  return at === 0 || !isWordLetter(text.charCodeAt(at - 1));
}

/** Whether two words may be a phrase: blanks, hyphens and the like stand between. A sentence or a list goes on otherwise. */
function isJoined(text: string, end: number, next: number): boolean {
  for (let at = end; at < next; at += 1) if (!isJoint(text.charCodeAt(at))) return false;
  return true;
}

function isJoint(code: number): boolean {
  return code <= 0x20 || code === 0xa0 || code === 0x5f || code === 0x2d || code === 0x2f || code === 0x27;
}

function wordsAfter(text: string, end: number): ContextWord[] {
  const words: ContextWord[] = [];
  const limit = Math.min(text.length, end + reachAfter);
  let at = end;
  while (at < limit && words.length < maximumWords) {
    // Another number begins: what follows describes that one.
    while (at < limit && !isWordLetter(text.charCodeAt(at))) {
      if (isDigit(text.charCodeAt(at))) return words;
      at += 1;
    }
    const begin = at;
    while (at < text.length && at < begin + 32 && isWordLetter(text.charCodeAt(at))) at += 1;
    if (at === begin) break;
    const word = text.slice(begin, at).toLowerCase();
    words.push({ word, topics: topicsOf(word) ?? none, distance: begin - end });
  }
  return words;
}

/** Whether the capital at `at` begins a word of its own, as the N of phoneNumber does and the B of DoB does not. */
function startsHump(text: string, at: number, end: number): boolean {
  if (end - at < 2) return false;
  return isCapital(text.charCodeAt(at)) && isSmall(text.charCodeAt(at - 1));
}

function isCapital(code: number): boolean {
  return code >= 65 && code <= 90;
}

function isSmall(code: number): boolean {
  return code >= 97 && code <= 122;
}
