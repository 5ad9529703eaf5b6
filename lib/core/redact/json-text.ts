/** A stretch of a text, and whether it is of the special kind that its maker looks for. */
export type Stretch = { start: number; end: number; isSpecial: boolean };

/** Whether a text is a JSON object or array. */
export function isJsonDocument(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * A JSON text in stretches, in order: the contents of its string literals (special), without their quotes, and what is
 * between them. Of broken JSON, the last string goes to the end. Linear.
 */
export function* stretchesOf(json: string): Generator<Stretch> {
  let from = 0;
  for (;;) {
    const quote = json.indexOf('"', from);
    if (quote === -1) break;
    yield { start: from, end: quote, isSpecial: false };
    const end = endOfLiteral(json, quote + 1);
    yield { start: quote + 1, end, isSpecial: true };
    from = end + 1;
  }
  if (from < json.length) yield { start: from, end: json.length, isSpecial: false };
}

const fence = "```";

/** A text in stretches, in order: JSON between the fences of Markdown (special), and the rest. Linear. */
export function* fencedStretchesOf(text: string): Generator<Stretch> {
  let from = 0;
  for (;;) {
    const open = text.indexOf(fence, from);
    const close = open === -1 ? -1 : text.indexOf(fence, open + fence.length);
    if (close === -1) break;
    // After the name of its language.
    const start = open + (/^```[A-Za-z]*\s*/.exec(text.slice(open, close))?.[0].length ?? fence.length);
    yield { start: from, end: start, isSpecial: false };
    yield { start, end: close, isSpecial: isJsonDocument(text.slice(start, close)) };
    from = close;
    // The closing fence opens nothing.
    yield { start: from, end: from + fence.length, isSpecial: false };
    from += fence.length;
  }
  yield { start: from, end: text.length, isSpecial: false };
}

/** Where the closing quote of a literal is that begins at `from`. */
function endOfLiteral(json: string, from: number): number {
  for (let at = from; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) return at;
    if (code === 0x5c) at += 1;
  }
  return json.length;
}

/** A text as the content of a string literal. */
export function encodeLiteral(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
