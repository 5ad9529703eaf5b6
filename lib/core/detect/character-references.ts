/** A character that HTML or a URL's encoding stands for, and how many units it takes there. */
type Reference = { code: number; width: number };

/** What stands in mail and web pages beside personal data (WHATWG HTML, named character references). */
const named: ReadonlyMap<string, number> = new Map(
  Object.entries({
    nbsp: 0xa0,
    shy: 0xad,
    amp: 0x26,
    lt: 0x3c,
    gt: 0x3e,
    quot: 0x22,
    apos: 0x27,
    commat: 0x40,
    period: 0x2e,
    hyphen: 0x2010,
    plus: 0x2b,
    lowbar: 0x5f,
    num: 0x23,
    colon: 0x3a,
    comma: 0x2c,
    sol: 0x2f,
    lpar: 0x28,
    rpar: 0x29,
    ensp: 0x2002,
    emsp: 0x2003,
    thinsp: 0x2009,
  }),
);

const html = /&(?:#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6})|([a-z]{2,8}));/y;
/** RFC 3986: blank, plus, hyphen, point and at sign; what else is encoded parts words as well as what it stands for. */
const percent = /%(20|2[BbDdEe]|40)/y;

/** Holds wherever `referenceAt` finds something. Bounded at every place: linear. */
export const mayHoldReference = /&(?:#[\dxX]|[a-z]{2,8};)|%(?:20|2[BbDdEe]|40)/;

/** The character that an HTML reference or a percent-encoding at `at` stands for: `&#64;`, `&commat;`, `%40`. */
export function referenceAt(text: string, at: number): Reference | undefined {
  const isHtml = text.charAt(at) === "&";
  const pattern = isHtml ? html : percent;
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const code = isHtml ? codeOf(match) : Number.parseInt(match[1] ?? "", 16);
  return code === undefined || !isCharacter(code) ? undefined : { code, width: match[0].length };
}

function codeOf([, decimal, hexadecimal, name]: RegExpExecArray): number | undefined {
  if (decimal !== undefined) return Number(decimal);
  return hexadecimal === undefined ? named.get(name ?? "") : Number.parseInt(hexadecimal, 16);
}

function isCharacter(code: number): boolean {
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000);
}
