/** Where the ten digits of a script begin: Arabic, Persian, Indic, Thai, Lao, Tibetan, Burmese, Khmer, full-width. */
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0e50, 0x0ed0,
  0x0f20, 0x1040, 0x17e0, 0xff10,
];

const others: readonly [characters: string, plain: string][] = [
  ["\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000", " "],
  ["\u00ad\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"],
  ["\uff20", "@"],
  ["\uff0b", "+"],
  ["\uff0e", "."],
  ["\uff0f", "/"],
  ["\uff1a", ":"],
  ["\uff08", "("],
  ["\uff09", ")"],
];

const plainOf = new Map<string, string>([
  ...zeros.flatMap((zero) =>
    Array.from({ length: 10 }, (_, digit): [string, string] => [String.fromCharCode(zero + digit), String(digit)]),
  ),
  ...others.flatMap(([characters, plain]) => [...characters].map((character): [string, string] => [character, plain])),
]);

const beyondAscii = /[\u0080-\uffff]/;
const replaceable = new RegExp(`[${[...plainOf.keys()].join("")}]`, "g");

/**
 * The text with the digits, blanks, hyphens and signs of other scripts as their ASCII ones. One UTF-16 unit stays one,
 * so that an offset means the same in both.
 */
export function toPlainCharacters(text: string): string {
  if (!beyondAscii.test(text)) return text;
  return text.replace(replaceable, (character) => plainOf.get(character) ?? character);
}
