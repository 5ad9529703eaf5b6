/**
 * Estimates how many tokens a byte-pair tokenizer makes of a text, without one. Linear in its length. Words are a token
 * each and long ones more, digits go by threes, a blank belongs to the word behind it, and every script has its own rate.
 * The rates are averages of OpenAI's o200k_base; older and other vocabularies make a little more of the same text.
 */
export function estimateTokens(text: string): number {
  let tokens = 0;
  let at = 0;
  let before = other;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    const kind = code < 128 ? (ascii[code] ?? other) : other;
    if (kind === other) {
      tokens += rateOf(code);
      at += 1;
    } else {
      const start = at;
      at += 1;
      while (at < text.length && kindAt(text, at) === kind) at += 1;
      tokens += tokensOfRun(kind, at - start, before, at < text.length ? kindAt(text, at) : other);
    }
    before = kind;
  }
  return Math.ceil(tokens);
}

const other = 0;
const letters = 1;
const digits = 2;
const blanks = 3;
const breaks = 4;
const marks = 5;

const ascii = Uint8Array.from({ length: 128 }, (_, code) => {
  const char = String.fromCharCode(code);
  if (/[A-Za-z]/.test(char)) return letters;
  if (/[0-9]/.test(char)) return digits;
  if (char === " " || char === "\t") return blanks;
  return char === "\n" || char === "\r" ? breaks : marks;
});

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (ascii[code] ?? other) : other;
}

function tokensOfRun(kind: number, length: number, before: number, behind: number): number {
  switch (kind) {
    case letters:
      // Common words are one token whatever their length; names and rare words are cut about every five letters.
      return length <= 6 ? 1.03 : 1.05 + (length - 6) * 0.06 + Math.max(0, length - 14) * 0.2;
    case digits:
      return Math.ceil(length / 3);
    case blanks:
      // One blank is part of what follows; an indentation is a token, with the line break before it.
      return length === 1 ? 0 : 0.7;
    case breaks:
      // Punctuation takes the line break behind it along.
      return before === marks ? 0.3 : 0.9;
    default:
      // One mark before a word is often part of it; several in a row are mostly one token.
      if (length === 1) return behind === letters ? 0.7 : 0.95;
      return 1 + (length - 2) * 0.2;
  }
}

/** Tokens a UTF-16 unit beyond ASCII, by script. */
function rateOf(code: number): number {
  if (code < 0x0250) return 0.45; // Latin letters with marks
  if (code < 0x0530) return 0.3; // Greek, Cyrillic
  if (code < 0x0900) return 0.42; // Armenian, Hebrew, Arabic
  if (code < 0x0e00) return 0.4; // scripts of India
  if (code < 0x1100) return 0.5; // Thai, Lao, Tibetan, Burmese, Georgian
  if (code >= 0x2000 && code < 0x2e80) return 1; // punctuation, symbols
  if (code >= 0x3040 && code < 0x3100) return 0.75; // kana
  if (code >= 0x3400 && code < 0xa000) return 0.85; // Han
  if (code >= 0xac00 && code < 0xd7b0) return 0.65; // Hangul
  return 1; // full-width marks, emoji by halves, everything else
}
