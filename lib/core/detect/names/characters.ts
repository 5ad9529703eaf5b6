/** What a UTF-16 unit is to the tokenizer. */
export const characterKind = {
  other: 0,
  lower: 1,
  upper: 2,
  /** A letter of a script without case, or of one that the tables leave out. */
  caseless: 3,
  digit: 4,
  mark: 5,
  apostrophe: 6,
  hyphen: 7,
  space: 8,
  newline: 9,
} as const;

// Latin, Greek, Cyrillic, Hebrew, Arabic and the scripts of India stand below 0x2000. Above it are punctuation and
// scripts without case.
const tabled = 0x2000;
const kinds = new Uint8Array(tabled);
const folds = new Uint16Array(tabled);
const seconds = new Uint16Array(tabled);

const twoLetters: ReadonlyArray<readonly [letters: string, folded: string]> = [
  ["ßẞ", "ss"],
  ["æÆ", "ae"],
  ["œŒ", "oe"],
  ["þÞ", "th"],
  ["łŁ", "l"],
  ["đĐðÐ", "d"],
  ["øØ", "o"],
  ["ıİ", "i"],
  ["ς", "σ"],
];

function kindOf(character: string): number {
  if (/\p{Ll}/u.test(character)) return characterKind.lower;
  if (/\p{Lu}|\p{Lt}/u.test(character)) return characterKind.upper;
  if (/\p{L}/u.test(character)) return characterKind.caseless;
  if (/\p{Nd}/u.test(character)) return characterKind.digit;
  return /\p{M}/u.test(character) ? characterKind.mark : characterKind.other;
}

function fillTables(): void {
  for (let code = 0; code < tabled; code++) {
    const character = String.fromCharCode(code);
    if (code < 0x80 ? !/[a-z0-9]/i.test(character) : code < 0xa0) continue;
    kinds[code] = kindOf(character);
    folds[code] = character.toLowerCase().normalize("NFD").charCodeAt(0);
  }
  for (const [letters, folded] of twoLetters)
    for (const letter of letters) {
      folds[letter.charCodeAt(0)] = folded.charCodeAt(0);
      seconds[letter.charCodeAt(0)] = folded.length > 1 ? folded.charCodeAt(1) : 0;
    }
  for (const code of [0x27, 0x60, 0xb4, 0x2bc]) kinds[code] = characterKind.apostrophe;
  kinds[0x2d] = characterKind.hyphen;
  for (const code of [0x20, 0x09, 0xa0]) kinds[code] = characterKind.space;
  for (const code of [0x0a, 0x0d, 0x0b, 0x0c]) kinds[code] = characterKind.newline;
}
fillTables();

function kindAbove(code: number): number {
  if (code === 0x2018 || code === 0x2019) return characterKind.apostrophe;
  if (code === 0x2010 || code === 0x2011) return characterKind.hyphen;
  if (code <= 0x200b || code === 0x202f || code === 0x3000) return characterKind.space;
  if (code === 0x2028 || code === 0x2029) return characterKind.newline;
  const letter = (code >= 0x3041 && code <= 0x9fff && code !== 0x30fb) || (code >= 0xa000 && code <= 0xd7ff);
  return letter ? characterKind.caseless : characterKind.other;
}

export function kindOfCode(code: number): number {
  return code < tabled ? (kinds[code] ?? 0) : kindAbove(code);
}

/** FNV-1a over 16-bit units. */
export const emptyHash = 0x811c9dc5 | 0;

export function hashUnit(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** Adds a letter to a word's hash: in lower case, without diacritics, with æ, œ, ß and þ as two letters. */
export function hashLetter(hash: number, code: number): number {
  if (code >= tabled) return hashUnit(hash, code);
  const first = hashUnit(hash, folds[code] ?? 0);
  const second = seconds[code] ?? 0;
  return second === 0 ? first : hashUnit(first, second);
}

/** The form of a word that the lexicon keeps, letter by letter as hashLetter sees it. */
export function foldWord(word: string): string {
  let folded = "";
  for (let at = 0; at < word.length; at++) {
    const code = word.charCodeAt(at);
    const kind = kindOfCode(code);
    if (kind === characterKind.mark || kind === characterKind.apostrophe) continue;
    folded += String.fromCharCode(code < tabled ? (folds[code] ?? code) : code);
    const second = code < tabled ? (seconds[code] ?? 0) : 0;
    if (second !== 0) folded += String.fromCharCode(second);
  }
  return folded;
}

/** The hash of a word that is folded already. */
export function hashFolded(folded: string): number {
  let hash = emptyHash;
  for (let at = 0; at < folded.length; at++) hash = hashUnit(hash, folded.charCodeAt(at));
  return hash;
}
