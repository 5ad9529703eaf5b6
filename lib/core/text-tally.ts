import type { LanguageEvidence, Script } from "./language.ts";
import { languageBits, latinLanguages, lexicon, meanings } from "./words.ts";

/** What one walk over a text counts. */
export type TextTally = LanguageEvidence & {
  characters: number;
  numbers: number;
  questionWords: number;
  questions: number;
  reasoningWords: number;
  sentences: number;
  /** Signs that the text is code, or asks for it. */
  codeSigns: number;
  /** Signs that the text is mathematics. */
  mathSigns: number;
  /** It asks how many or how much. */
  asksQuantity: boolean;
};

export function newTally(): TextTally {
  return {
    scripts: {
      latin: 0,
      cyrillic: 0,
      greek: 0,
      hebrew: 0,
      arabic: 0,
      devanagari: 0,
      thai: 0,
      kana: 0,
      han: 0,
      hangul: 0,
    },
    functionWords: new Uint32Array(latinLanguages.length),
    ukrainian: 0,
    persian: 0,
    characters: 0,
    numbers: 0,
    questionWords: 0,
    questions: 0,
    reasoningWords: 0,
    sentences: 0,
    codeSigns: 0,
    mathSigns: 0,
    asksQuantity: false,
  };
}

/** No word of the lexicon is longer. */
const longestWord = 16;

/** Adds a text to a tally in one walk: no backtracking, no regular expression, each character looked at a few times. */
export function tallyText(tally: TextTally, text: string): void {
  tally.characters += text.length;
  let previousWord = 0;
  let at = 0;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isLetter(code)) {
      const start = at;
      at += 1;
      while (at < text.length && isLetter(text.charCodeAt(at))) at += 1;
      tally.scripts.latin += at - start;
      // `c++` is a word of its own.
      const end = text.charCodeAt(at) === plus && text.charCodeAt(at + 1) === plus ? at + 2 : at;
      const meaning = end - start > longestWord ? 0 : (lexicon.get(text.slice(start, end).toLowerCase()) ?? 0);
      if (meaning !== 0) countWord(tally, meaning, previousWord);
      previousWord = meaning;
    } else if (code >= 0x30 && code <= 0x39) {
      const start = at;
      at = endOfNumber(text, at);
      if (!isNamePart(text.charCodeAt(start - 1))) tally.numbers += 1;
    } else {
      if (code < 128) countMark(tally, text, at, code);
      else countBeyondAscii(tally, code);
      at += 1;
    }
  }
  // The last sentence has often no full stop.
  if (text !== "" && !isSentenceEnd(text.charCodeAt(text.trimEnd().length - 1))) tally.sentences += 1;
}

function countWord(tally: TextTally, meaning: number, previous: number): void {
  if (meaning & meanings.question) tally.questionWords += 1;
  if (meaning & meanings.reasoning) tally.reasoningWords += 1;
  if (meaning & meanings.number) tally.numbers += 1;
  if (meaning & meanings.code) tally.codeSigns += 3;
  if (meaning & meanings.perhapsCode) tally.codeSigns += 1;
  if (meaning & meanings.math) tally.mathSigns += 1;
  if (meaning & meanings.quantity && previous & meanings.question) tally.asksQuantity = true;
  let languages = meaning & languageBits;
  const points = (languages & (languages - 1)) === 0 ? 2 : 1;
  for (let index = 0; languages !== 0; index++, languages >>= 1)
    if (languages & 1) tally.functionWords[index] = (tally.functionWords[index] ?? 0) + points;
}

function countMark(tally: TextTally, text: string, at: number, code: number): void {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case question:
      if (next !== question) tally.questions += 1;
      if (isBlankOrEnd(next)) tally.sentences += 1;
      break;
    case dot:
    case exclamation:
      if (isBlankOrEnd(next)) tally.sentences += 1;
      break;
    case semicolon:
    case openBrace:
      if (next === lineFeed || next === carriageReturn) tally.codeSigns += 1;
      break;
    case equals:
      if (next === equals || next === greater) tally.codeSigns += 1;
      else if (isOperator(text, at)) tally.mathSigns += 1;
      break;
    case plus:
    case asterisk:
      if (isOperator(text, at)) tally.mathSigns += 1;
      break;
    case ampersand:
    case bar:
    case colon:
      if (next === code) tally.codeSigns += 1;
      break;
    case minus:
      if (next === greater) tally.codeSigns += 1;
      break;
    case less:
      if (next === slash) tally.codeSigns += 1;
      break;
    case backtick:
      if (next === backtick && text.charCodeAt(at + 2) === backtick) tally.codeSigns += 3;
      break;
    case underscore:
      if (isLetter(next) && isLetter(text.charCodeAt(at - 1))) tally.codeSigns += 1;
      break;
    case closeParenthesis:
      if (next === semicolon || next === openBrace) tally.codeSigns += 1;
      break;
    case backslash:
      // \frac, \( and \[ of LaTeX.
      if (next === openParenthesis || next === openBracket || isLetter(next)) tally.mathSigns += 1;
      break;
    case caret:
      tally.mathSigns += 1;
      break;
  }
}

function countBeyondAscii(tally: TextTally, code: number): void {
  if (code === 0x3002 || code === 0xff01) tally.sentences += 1;
  else if (code === 0xff1f || code === 0x061f) {
    tally.questions += 1;
    tally.sentences += 1;
  } else if ((code >= 0x2200 && code < 0x2300) || code === 0xd7 || code === 0xf7 || code === 0xb2) tally.mathSigns += 1;
  else {
    const script = scriptOf(code);
    if (script !== undefined) tally.scripts[script] += 1;
    if (code === 0x0456 || code === 0x0457 || code === 0x0454 || code === 0x0491) tally.ukrainian += 1;
    if (code === 0x067e || code === 0x0686 || code === 0x0698 || code === 0x06af) tally.persian += 1;
  }
}

function scriptOf(code: number): Script | undefined {
  if (code < 0x0370) return undefined;
  if (code < 0x0400) return "greek";
  if (code < 0x0530) return "cyrillic";
  if (code >= 0x0590 && code < 0x0600) return "hebrew";
  if (code >= 0x0600 && code < 0x0780) return "arabic";
  if (code >= 0x0900 && code < 0x0980) return "devanagari";
  if (code >= 0x0e00 && code < 0x0e80) return "thai";
  if (code >= 0x3040 && code < 0x3100) return "kana";
  if (code >= 0x3400 && code < 0xa000) return "han";
  return code >= 0xac00 && code < 0xd7b0 ? "hangul" : undefined;
}

/** Behind the digits of `1,234.50` and `3.14`. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) at += 1;
    else if ((code === dot || code === comma) && isDigit(text.charCodeAt(at + 1))) at += 2;
    else return at;
  }
}

/** Whether a mark stands between two terms, as in `3 + 4` and `x*y`; with a blank on both sides or on neither. */
function isOperator(text: string, at: number): boolean {
  const spaced = text.charCodeAt(at - 1) === blank ? 1 : 0;
  if ((text.charCodeAt(at + 1) === blank ? 1 : 0) !== spaced) return false;
  const left = text.charCodeAt(at - 1 - spaced);
  const right = text.charCodeAt(at + 1 + spaced);
  return (isTerm(left) || left === closeParenthesis) && (isTerm(right) || right === openParenthesis);
}

function isTerm(code: number): boolean {
  return isDigit(code) || isLetter(code);
}

function isLetter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7)
  );
}

function isNamePart(code: number): boolean {
  return isLetter(code) || code === underscore;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isBlankOrEnd(code: number): boolean {
  return (
    Number.isNaN(code) ||
    code === blank ||
    code === lineFeed ||
    code === carriageReturn ||
    code === quote ||
    code === closeParenthesis
  );
}

function isSentenceEnd(code: number): boolean {
  return (
    code === dot || code === exclamation || code === question || code === 0x3002 || code === 0xff1f || code === 0xff01
  );
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const exclamation = 0x21;
const quote = 0x22;
const ampersand = 0x26;
const openParenthesis = 0x28;
const closeParenthesis = 0x29;
const asterisk = 0x2a;
const plus = 0x2b;
const comma = 0x2c;
const minus = 0x2d;
const dot = 0x2e;
const slash = 0x2f;
const colon = 0x3a;
const semicolon = 0x3b;
const less = 0x3c;
const equals = 0x3d;
const greater = 0x3e;
const question = 0x3f;
const openBracket = 0x5b;
const backslash = 0x5c;
const caret = 0x5e;
const underscore = 0x5f;
const backtick = 0x60;
const openBrace = 0x7b;
const bar = 0x7c;
