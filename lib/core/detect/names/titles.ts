import { cueNumber } from "./cues.ts";
import { gap, type Tokens } from "./tokens.ts";

const title = cueNumber.get("title") ?? 0;
/** Dr., Prof., Sgt.: behind a longer title a point ends the sentence. */
const longestAbbreviation = 5;

/** Whether a title stands right before a word: Dr. Novak, but not coach. Novak. */
export function isTitled(tokens: Tokens, at: number): boolean {
  if (tokens.cue[at - 1] !== title) return false;
  const between = tokens.gap[at] ?? 0;
  if (between === gap.space) return true;
  const abbreviated = (tokens.end[at - 1] ?? 0) - (tokens.start[at - 1] ?? 0) <= longestAbbreviation;
  return abbreviated && (between === gap.period || between === (gap.period | gap.space));
}
