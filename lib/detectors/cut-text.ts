/** A stretch of a text; UTF-16 units, `end` behind the last. */
type Piece = { start: number; end: number };

const blank = /\s/;

/**
 * A text in pieces of at most `maxBytes` of UTF-8, cut at blanks where there are any near, none within a character. Each
 * begins about `overlap` characters before its predecessor ends, so that what one cuts the other has whole. Linear.
 * @param overlap at most a tenth of `maxBytes`, so that each piece gets on; throws when it is more
 */
export function cutText(text: string, maxBytes: number, overlap: number): Piece[] {
  if (overlap > maxBytes / 10) throw new Error(`An overlap of ${overlap} is too long for ${maxBytes} bytes.`);
  const pieces: Piece[] = [];
  let start = 0;
  for (;;) {
    const limit = endWithin(text, start, maxBytes);
    if (limit === text.length) {
      pieces.push({ start, end: limit });
      return pieces;
    }
    const end = nearBlank(text, limit, limit - overlap);
    pieces.push({ start, end });
    start = nearBlank(text, end - overlap, end - 2 * overlap);
  }
}

/** How far from `start` a text goes in so many bytes. */
function endWithin(text: string, start: number, maxBytes: number): number {
  let bytes = 0;
  let at = start;
  while (at < text.length) {
    const code = text.codePointAt(at) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > maxBytes) return at;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}

/** The last place behind a blank from `at` back to `floor`; without one, `at`, or one unit on where that is within a character. */
function nearBlank(text: string, at: number, floor: number): number {
  for (let candidate = at; candidate > floor; candidate -= 1)
    if (blank.test(text.charAt(candidate - 1))) return candidate;
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code < 0xe000 ? at - 1 : at;
}
