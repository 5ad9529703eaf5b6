import type { Script } from "./language.ts";

// UTF-16 units by name, and the kinds of them that a walk over a text tells apart.

export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;
export const blank = 0x20;
export const exclamation = 0x21;
const quote = 0x22;
export const ampersand = 0x26;
export const openParenthesis = 0x28;
export const closeParenthesis = 0x29;
export const asterisk = 0x2a;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const slash = 0x2f;
export const colon = 0x3a;
export const semicolon = 0x3b;
export const less = 0x3c;
export const equals = 0x3d;
export const greater = 0x3e;
export const question = 0x3f;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const caret = 0x5e;
export const underscore = 0x5f;
export const backtick = 0x60;
export const openBrace = 0x7b;
export const bar = 0x7c;

export function scriptOf(code: number): Script | undefined {
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

export function isLetter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0xc0 && code < 0x250 && code !== 0xd7 && code !== 0xf7)
  );
}

export function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

export function isBlankOrEnd(code: number): boolean {
  return (
    Number.isNaN(code) ||
    code === blank ||
    code === lineFeed ||
    code === carriageReturn ||
    code === quote ||
    code === closeParenthesis
  );
}

export function isSentenceEnd(code: number): boolean {
  return (
    code === dot || code === exclamation || code === question || code === 0x3002 || code === 0xff1f || code === 0xff01
  );
}

export function isNamePart(code: number): boolean {
  return isLetter(code) || code === underscore;
}

export function isTerm(code: number): boolean {
  return isDigit(code) || isLetter(code);
}
