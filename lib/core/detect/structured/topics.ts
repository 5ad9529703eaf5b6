import { nationalIdFormats } from "./national-id-formats.ts";
import { topicWords } from "./topic-words.ts";

/** What a word can say that a number near it is; `id:` and a format's id for one country's number. */
export type Topic = keyof typeof topicWords | `id:${string}`;

const topicsByWord = new Map<string, Topic[]>();
const phraseStarts = new Set<string>();

function learn(topic: Topic, words: readonly string[]): void {
  for (const word of words) {
    const known = topicsByWord.get(word) ?? [];
    if (!known.includes(topic)) topicsByWord.set(word, [...known, topic]);
    const blank = word.indexOf(" ");
    if (blank > 0) phraseStarts.add(word.slice(0, blank));
  }
}

function learnList<Name extends keyof typeof topicWords>(topic: Name): void {
  learn(
    topic,
    topicWords[topic].split("|").map((word) => word.trim()),
  );
}

learnList("phone");
learnList("card");
learnList("birth");
learnList("medical");
learnList("account");
learnList("identity");
learnList("ip");
learnList("version");
learnList("other");
learnList("otherDate");
for (const { id, words } of nationalIdFormats) learn(`id:${id}`, words);

/** What compounds end in: telefonnummer, kontonr, phonenumber. */
const numberSuffix = /(?:-?(?:nummern?|nummer[ns]?|numer[ou]?|number|numero|numéro|num|nr|no|szám))$/;
const east = /[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/;

/** The topics of the phrase that two words in lower case make; undefined if they make none. */
export function phraseTopics(word: string, following: string): readonly Topic[] | undefined {
  return phraseStarts.has(word) ? topicsByWord.get(`${word} ${following}`) : undefined;
}

/** The topics of a word in lower case; undefined if it says nothing. */
export function topicsOf(word: string): readonly Topic[] | undefined {
  const topics = topicsByWord.get(word);
  if (topics !== undefined || word.length < 4) return topics ?? eastern(word);
  const stem = word.replace(numberSuffix, "");
  return stem.length < word.length ? topicsByWord.get(stem) : eastern(word);
}

/** Chinese, Japanese and Korean do not part words: any part of two to five characters counts. */
function eastern(word: string): readonly Topic[] | undefined {
  if (!east.test(word)) return undefined;
  const found = new Set<Topic>();
  for (let start = 0; start < word.length && start < 16; start += 1) {
    for (let length = 1; length <= 6; length += 1) {
      for (const topic of topicsByWord.get(word.slice(start, start + length)) ?? []) found.add(topic);
    }
  }
  return found.size === 0 ? undefined : [...found];
}
