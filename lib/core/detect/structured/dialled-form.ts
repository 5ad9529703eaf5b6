/** Grouped by threes from the left, as amounts are. */
const thousands = /^[1-9]\d{0,2}(?:([ .])\d{3})(?:\1\d{3})*$/;
/** One sign between two numbers: a decimal, a fraction, a range of years or pages, an American post code. */
const pair = /^\d+[./-]\d+$/;
/** Dates, IPv4 addresses and versions, and numbers as Americans write their social security number. */
const otherwise = /^\d{1,2}([./-])\d{1,2}\1\d{4}$|^\d{1,3}(?:\.\d{1,3}){3}$|^\d{3}-\d{2}-\d{4}$/;
const twoSigns = /[-./]\s*[-./]|\s[/.]\s/;
const withNationalPrefix = /^\(?0[1-9]\d*(?:\D{1,2}\d{2,}){2,}$/;

/** Whether a number of a plan is also written as people write phone numbers, and not as an amount, a range or a list. */
export function looksDialled(candidate: string): boolean {
  if (thousands.test(candidate) || pair.test(candidate) || otherwise.test(candidate) || twoSigns.test(candidate))
    return false;
  const parts = candidate.replace(/^\(/, "").split(/\D+/);
  const signs = new Set(candidate.replace(/[\d\s()]/g, ""));
  const count = parts.join("").length;
  if (parts.length < 2 || signs.size > 1 || count < 8 || count > 12) return false;
  if (candidate.startsWith("(")) return /^\(\d{2,5}\)/.test(candidate);
  if (candidate.startsWith("0")) return (parts[0] ?? "").length > 1 && !candidate.startsWith("00");
  // Single digits make a list, but for North America's prefix.
  return (
    parts.length >= 3 &&
    signs.size === 1 &&
    !signs.has("/") &&
    parts.every((part, at) => part.length >= 2 || (at === 0 && part === "1"))
  );
}

/** Whether it is written as national numbers are in most countries: a 0 in front, three groups or more, 9 to 11 digits. */
export function looksNational(candidate: string): boolean {
  const count = candidate.replace(/\D/g, "").length;
  return (
    count >= 9 &&
    count <= 11 &&
    withNationalPrefix.test(candidate) &&
    /[2-9]/.test(candidate) &&
    looksDialled(candidate)
  );
}

/** What cannot look dialled, told without a closer look: rows of plain numbers are common. */
export function isPlain(shape: string, first: string): boolean {
  return first !== "0" && first !== "(" && !shape.includes("-") && !shape.includes(".");
}

const tagBefore = /(?:^|[\s,;|(])(?:[tmpf]|office|home|work|direct|main)\s?:\s?$/i;
/** "Jane's number is", and in the languages where somebody's number alone means the phone. */
const whoseNumber =
  /(?:['’]s|\b(?:my|his|her|our|their|your|meine|seine|ihre|unsere|mon|son|mi|su|mio|suo|meu|mijn|zijn))\s(?:new |old |direct |private |personal |work |home |neue |nouveau |nuevo )?(?:number|nummer|numéro|número|numero)(?:\s(?:is|ist|lautet|est|es|è|é))?(?:\s(?:now|jetzt|le|el|il|o))?\s?:?\s$/i;
const tagBehind = /^\s?[-(/]\s?(?:office|home|work|fax|mobile|mob|cell|desk|direct|main|tel)\b/i;

/** Whether it is labelled as signatures and forms do it: "T: ", "-Office". As words in a sentence these say nothing. */
export function isTagged(text: string, start: number, end: number): boolean {
  return (
    tagBehind.test(text.slice(end, end + 12)) ||
    tagBefore.test(text.slice(Math.max(0, start - 10), start)) ||
    whoseNumber.test(text.slice(Math.max(0, start - 48), start))
  );
}

const currencyBefore = /(?:[€$£¥]|usd|eur|gbp) ?$/i;
/** Behind a comma: decimals, but not the next column of a table. */
const unitBehind =
  /^(?:,\d{1,2}(?![\d-])| ?(?:[%€$£¥]|(?:usd|eur|gbp|dollars?|euros?|pounds?|million|billion|thousand)\b| (?:times|people|persons|calls|users|views|customers|subscribers|visitors|visits|clicks|downloads|followers|miles|steps|points|items|units|records|rows|entries|copies|votes|patients|students|employees|jobs|requests|hits|texts|messages|minutes|hours|days|years)\b))/i;
const round = /^\d{1,3}([ .]?)000(?:\1(?:000))*$/;

/** Whether the digits are a decimal or a round number, a span of years, money, or a count of something. */
export function isQuantity(text: string, start: number, end: number): boolean {
  const candidate = text.slice(start, end);
  return (
    /^\d+\.\d+$/.test(candidate) ||
    round.test(candidate) ||
    /^\(?[12]\d{3}\s?[-/]+\s?[12]\d{3}$/.test(candidate) ||
    currencyBefore.test(text.slice(Math.max(0, start - 5), start)) ||
    unitBehind.test(text.slice(end, end + 12))
  );
}
