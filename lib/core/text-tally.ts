import {
  ampersand,
  asterisk,
  backslash,
  backtick,
  bar,
  blank,
  caret,
  carriageReturn,
  closeParenthesis,
  colon,
  comma,
  dot,
  equals,
  exclamation,
  greater,
  isBlankOrEnd,
  isDigit,
  isLetter,
  isNamePart,
  isSentenceEnd,
  isTerm,
  less,
  lineFeed,
  minus,
  openBrace,
  openBracket,
  openParenthesis,
  plus,
  question,
  scriptOf,
  semicolon,
  slash,
  underscore,
} from "./characters.ts";
import type { LanguageEvidence } from "./language.ts";
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
