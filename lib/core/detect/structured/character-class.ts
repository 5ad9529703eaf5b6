const digit = 1;
const letter = 2;
const wordish = 4;

/** What a UTF-16 unit below 128 is; above, everything that is not punctuation counts as part of a word. */
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return digit;
  if (/[A-Za-z]/.test(character)) return letter;
  return character === "_" ? wordish : 0;
});

export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** An ASCII letter. */
export function isLetter(code: number): boolean {
  return classes[code] === letter;
}

/** An ASCII letter or digit: what identifiers are made of. */
export function isAlphanumeric(code: number): boolean {
  const found = classes[code];
  return found === digit || found === letter;
}

/** A letter of any script: Latin with accents, Cyrillic, Chinese …; not punctuation, not symbols. */
export function isWordLetter(code: number): boolean {
  if (code < 128) return classes[code] === letter;
  if (code < 0xc0) return code === 0xaa || code === 0xb5 || code === 0xba;
  return !((code >= 0x2000 && code <= 0x2bff) || (code >= 0x3000 && code <= 0x303f) || code >= 0xfe00);
}

/** A character that a number cannot stand directly beside: it would be part of a longer word. */
export function isGlue(code: number): boolean {
  return code < 128 ? (classes[code] ?? 0) !== 0 : code >= 0xc0 && code < 0x2000;
}
