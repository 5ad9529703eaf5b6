import { hashFolded } from "./characters.ts";
import { shape, type Tokens } from "./tokens.ts";

/** How a whole text uses capitals: usually, not at all, throughout, or at the start of nearly every word. */
export const style = { usual: 0, lower: 1, upper: 2, title: 3 } as const;

/** The language, as far as capitals and the lexicon of English words go. */
export const language = { english: 0, german: 1, other: 2 } as const;

const functionWords = new Map<number, number>();
for (const [number, words] of [
  [language.english, "the is and of to my you it for with that was on are have this be i"],
  [
    language.german,
    "der die das und ist nicht ich wir mit ein eine auf dem den zu von sie bitte fur im des zum wie hat",
  ],
  [
    language.other,
    "le la les et est pas que pour vous je une des el los las y es por para con una il che di per non sono um uma nao com voce het een van ik niet du en se su mi os na mon ma ne dans zijn voor met",
  ],
] as const)
  for (const word of words.split(" ")) functionWords.set(hashFolded(word), number);

/** The language that most of a text's function words are of; English when there are none. */
function languageOf(tokens: Tokens): number {
  const counts = [0, 0, 0];
  for (let at = 0; at < tokens.count; at++) {
    if (tokens.shape[at] === shape.number) continue;
    const found = functionWords.get(tokens.hash[at] ?? 0);
    if (found !== undefined) counts[found] = (counts[found] ?? 0) + 1;
  }
  const [english = 0, german = 0, other = 0] = counts;
  if (german > english && german >= other) return language.german;
  return other > english ? language.other : language.english;
}

export type TextStyle = { style: number; language: number };

function styleOf(tokens: Tokens): number {
  let lower = 0;
  let capital = 0;
  let upper = 0;
  for (let at = 0; at < tokens.count; at++) {
    const here = tokens.shape[at];
    if (here === shape.lower) lower++;
    else if (here === shape.capital) capital++;
    else if (here === shape.upper) upper++;
  }
  if (capital + upper === 0) return style.lower;
  if (upper >= 3 && upper > 4 * (lower + capital)) return style.upper;
  return capital >= 4 && capital > 2 * lower ? style.title : style.usual;
}

export function readStyle(tokens: Tokens): TextStyle {
  return { style: styleOf(tokens), language: languageOf(tokens) };
}
