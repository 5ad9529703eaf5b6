/**
 * What the lexicon knows of a word, two bits each, from 0 (nothing) to 3: as a first name and a surname how certainly
 * it is one, as a word how common it is in prose, as a place how well known it is.
 */
export const attribute = { first: 0, last: 2, word: 4, place: 6 } as const;

export function levelOf(attributes: number, shift: number): number {
  return (attributes >> shift) & 3;
}
