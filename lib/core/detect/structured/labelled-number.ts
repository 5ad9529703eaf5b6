import type { Finding, FindingType } from "../finding.ts";
import { isAlphanumeric, isDigit, isLetter } from "./character-class.ts";
import type { Context } from "./context.ts";
import { isNumericDate } from "./date-of-birth.ts";
import { followsNumber, type NumberSite } from "./number-site.ts";
import type { Topic } from "./topics.ts";

type Label = { topic: Topic; type: FindingType; minimumDigits: number };

const labels: readonly Label[] = [
  { topic: "medical", type: "medicalRecord", minimumDigits: 4 },
  { topic: "account", type: "accountNumber", minimumDigits: 5 },
  { topic: "identity", type: "nationalId", minimumDigits: 5 },
];

/** Words that may stand between a label and its number, or make the label more exact. */
const numberWords = new Set(
  "number numbers no nr num nummer nummern numero número numéro numer id ids code identifier n nº nbr номер 号 号码 番号".split(
    " ",
  ),
);
const fillers = new Set(
  "please bitte svp sure sir madam it s yes is the a an of my his her their our your was are as reads ending to for with and ist lautet die der mein meine est le la mon ma es el mi su è il mio é o meu minha to jest er är on holder name new old current bank savings checking file record ref and has having under policy card license licence value val".split(
    " ",
  ),
);
/** Names of one number and of nothing else. */
const exactWords = new Set(["kvnr", "mbi"]);
const maximumDistance = 34;
const maximumFillers = 5;

/** A number of which only its label says that it is personal: medical records, accounts, policies, passports … */
export function findLabelledNumber(site: NumberSite): Finding | undefined {
  const { text } = site;
  const digits = site.groups.at(-1)?.digits ?? 0;
  if (digits < 4 || followsNumber(text, site.start)) return undefined;
  const label = labelOf(
    site.context(),
    isPrefixed(text, site.start),
    /[#:=]\s?["']?$/.test(text.slice(Math.max(0, site.start - 3), site.start)),
  );
  if (label === undefined || isNumericDate(text, site.start)) return undefined;
  const start = withPrefix(text, site.start);
  const end = valueEnd(site);
  const value = text.slice(start, end);
  const count = value.replace(/\D/g, "").length;
  if (count < label.minimumDigits || (!label.exact && count < 6) || value.length > 30) return undefined;
  if (/^(?:19|20)\d\d$/.test(value) || isAmount(text, start, end)) return undefined;
  return { type: label.type, start, end, confidence: label.exact ? 0.9 : 0.7 };
}

/** The label in front of the number; exact if a word for "number", or a sign, says that a number follows. */
function labelOf({ before }: Context, prefixed: boolean, signed: boolean): (Label & { exact: boolean }) | undefined {
  let passed = 0;
  let exact = signed;
  for (const { word, topics, distance } of prefixed ? before.slice(1) : before) {
    if (distance > maximumDistance) return undefined;
    const label = labels.find(({ topic }) => topics.includes(topic));
    if (label !== undefined) return { ...label, exact: exact || isExactWord(word) };
    if (numberWords.has(word)) exact = true;
    else if (!fillers.has(word)) return undefined;
    passed += 1;
    if (passed > maximumFillers) return undefined;
  }
  return undefined;
}

function isExactWord(word: string): boolean {
  return exactWords.has(word) || (word.length > 5 && /(?:nummer|nr|number)$/.test(word));
}

/** Whether letters and a hyphen in front belong to the number: POL-123456. */
function isPrefixed(text: string, start: number): boolean {
  return withPrefix(text, start) < start;
}

function withPrefix(text: string, start: number): number {
  let at = start;
  if (text.charAt(at - 1) !== "-" && text.charAt(at - 1) !== "/") return start;
  at -= 1;
  while (at > 0 && start - at < 8 && isLetter(text.charCodeAt(at - 1))) at -= 1;
  return start - at > 1 && !isAlphanumeric(text.charCodeAt(at - 1)) ? at : start;
}

/** The end of the number: what is joined by hyphens, dots and slashes, and further groups of digits behind blanks. */
function valueEnd({ text, end, groups }: NumberSite): number {
  let last = end;
  for (const group of groups) {
    if (group.start < last) continue;
    const between = text.slice(last, group.start);
    const joined =
      between === "" ||
      between === "-" ||
      between === "/" ||
      between === "." ||
      (between === " " && isDigit(text.charCodeAt(group.start)));
    if (!joined || group.end - group.start > 12) break;
    last = Math.max(group.end, last);
  }
  return last;
}

function isAmount(text: string, start: number, end: number): boolean {
  const value = text.slice(start, end);
  return (
    /^\d{1,3}(?:[., ]\d{3})+$|^\d+[.,]\d{1,2}$/.test(value) ||
    /^(?:[.,]\d| ?[%€$£¥]| (?:usd|eur|gbp|dollars?|euros?|pounds?|people|patients|times|days|years|miles|points)\b)/i.test(
      text.slice(end, end + 12),
    ) ||
    /[€$£¥] ?$/.test(text.slice(Math.max(0, start - 3), start))
  );
}
