import { mayHoldReference, referenceAt } from "./character-references.ts";
import type { DetectText } from "./finding.ts";

/**
 * A text as a reader sees it: without what is invisible, with digits and letters of all kinds as plain ones, and with what
 * HTML and URLs encode as what it stands for.
 */
type PlainText = {
  text: string;
  /** Where in the text that it was made of each unit begins, and where it ends. */
  starts: Uint32Array;
  ends: Uint32Array;
};

const ampersand = 0x26;
const percentSign = 0x25;
const beyondAscii = /[\u0080-\uffff]/;
const digit = /^\p{Nd}$/u;
const mark = /^\p{M}$/u;
const ignorable = /^\p{Default_Ignorable_Code_Point}$/u;
const blank = /^\p{Zs}$/u;
const plainAscii = /^[\x21-\x7e]{1,4}$/;

/** What Unicode's compatibility mappings leave out: digits in black circles and letters in black circles and squares. */
const runs: readonly [first: number, last: number, plain: string][] = [
  [0x24eb, 0x24f4, "11"],
  [0x24f5, 0x24fe, "1"],
  [0x24ff, 0x24ff, "0"],
  [0x2776, 0x277f, "1"],
  [0x2780, 0x2789, "1"],
  [0x278a, 0x2793, "1"],
  [0x1f150, 0x1f169, "A"],
  [0x1f170, 0x1f189, "A"],
];

/** What stays though Unicode has plain characters for it: it is read as what it is, or parts words. */
const kept = new Set("…™℠");

/** Undefined where a character stays as it is. */
function findPlain(code: number): string | undefined {
  const character = String.fromCodePoint(code);
  if (kept.has(character)) return undefined;
  if (ignorable.test(character)) return "";
  if (blank.test(character)) return " ";
  if (digit.test(character)) return String(digitOf(code));
  for (const [first, last, plain] of runs)
    if (code >= first && code <= last)
      return plain === "A" ? String.fromCharCode(0x41 + code - first) : String(Number(plain) + code - first);
  const composed = character.normalize("NFKC");
  if (!plainAscii.test(composed)) return composed === "\u2010" ? "-" : undefined;
  // ⑴ and ⒈ are digits with brackets or a point.
  return /[0-9A-Za-z]/.test(composed) ? composed.replace(/[().,]/g, "") : composed;
}

/** Digits of a script stand in rows of ten. */
function digitOf(code: number): number {
  let first = code;
  while (code - first < 50 && digit.test(String.fromCodePoint(first - 1))) first -= 1;
  return (code - first) % 10;
}

const known = new Map<number, string | undefined>();

function plainOf(code: number): string | undefined {
  if (known.has(code)) return known.get(code);
  const plain = findPlain(code);
  known.set(code, plain);
  return plain;
}

/** Undefined where a text is plain already. Linear. */
function toPlainText(original: string): PlainText | undefined {
  if (!beyondAscii.test(original) && !mayHoldReference.test(original)) return undefined;
  let plain = "";
  const starts: number[] = [];
  const ends: number[] = [];
  let from = 0;
  let at = 0;
  const copy = (to: number) => {
    for (let unit = from; unit < to; unit += 1) {
      starts.push(unit);
      ends.push(unit + 1);
    }
    plain += original.slice(from, to);
  };
  let last = 0;
  while (at < original.length) {
    const first = original.codePointAt(at) ?? 0;
    const reference = first === ampersand || first === percentSign ? referenceAt(original, at) : undefined;
    const code = reference?.code ?? first;
    const width = reference?.width ?? (code > 0xffff ? 2 : 1);
    const plainly =
      code < 0x80 ? undefined : isDigit(last) && mark.test(String.fromCodePoint(code)) ? "" : plainOf(code);
    const instead = plainly ?? (reference && String.fromCodePoint(code));
    if (instead === undefined) last = code;
    else {
      copy(at);
      for (let unit = 0; unit < instead.length; unit += 1) {
        starts.push(at);
        ends.push(at + width);
      }
      plain += instead;
      from = at + width;
      if (instead !== "") last = instead.charCodeAt(instead.length - 1);
    }
    at += width;
  }
  if (from === 0) return undefined;
  copy(original.length);
  return { text: plain, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A detector that reads texts as plain ones; what it finds is at the offsets of the text that it is given. */
export function inPlainText(detect: DetectText): DetectText {
  return (original) => {
    const plain = toPlainText(original);
    if (plain === undefined) return detect(original);
    const { text, starts, ends } = plain;
    return detect(text).map((finding) => ({
      ...finding,
      start: starts[finding.start] ?? original.length,
      end: ends[finding.end - 1] ?? original.length,
    }));
  };
}
