/**
 * A number above 0 and below 1 for a text: always the same for the same text, and evenly spread over texts. For choices
 * that must come out alike when they are made again; not for secrets.
 * Source: FNV-1a, 32 bits, finished as MurmurHash3 does.
 */
export function unitHash(text: string): number {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  state ^= state >>> 16;
  return ((state >>> 0) + 0.5) / 2 ** 32;
}
