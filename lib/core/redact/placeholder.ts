import { type FindingType, findingTypes } from "../detect/finding.ts";

/** What stands for a value while it is away, and what it was. */
export type Placeholder = {
  /** `NAME_1`; in a text it is written `[NAME_1]`. */
  name: string;
  value: string;
  /** The value was a number of JSON, and goes back without quotes. */
  isNumber: boolean;
};

/** `creditCard` → `CREDIT_CARD`. */
function labelOf(type: FindingType): string {
  return type.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

// A model writes what it is given in other ways: lower-cased, with blanks or hyphens, with the backslashes of Markdown.
const separator = "\\\\{0,4}[_ -]";
// The longest first: IP_ADDRESS is no ADDRESS.
const labels = findingTypes.map(labelOf).toSorted((a, b) => b.length - a.length);
const name = `(?<label>${labels.map((label) => label.replaceAll("_", separator)).join("|")})${separator}(?<index>\\d{1,6})(?!\\d)`;
const opening = "(?:(?<before>\\\\{0,4})\\[ ?)?";
const closing = "(?: ?(?<after>\\\\{0,4})\\])?";

/** A placeholder in a text, in any of the ways that one may be written. Every part is bounded: linear. */
const written = new RegExp(opening + name + closing, "gi");

/** Hands out placeholders: the same value of a type gets the same one, and none gets a name that the request already holds. */
export class Placeholders {
  readonly #taken: ReadonlySet<string>;
  readonly #byValue = new Map<string, Placeholder>();
  readonly #byName = new Map<string, Placeholder>();
  readonly #last = new Map<string, number>();

  /** @param texts every text of the request */
  constructor(texts: Iterable<string>) {
    const taken = new Set<string>();
    for (const text of texts) for (const match of text.matchAll(written)) taken.add(nameOf(match));
    this.#taken = taken;
  }

  /** The name that stands for a value from here on. */
  nameFor(type: FindingType, value: string, isNumber = false): string {
    const key = `${type} ${isNumber} ${value}`;
    const known = this.#byValue.get(key);
    if (known !== undefined) return known.name;
    const label = labelOf(type);
    let index = (this.#last.get(label) ?? 0) + 1;
    while (this.#taken.has(`${label}_${index}`)) index += 1;
    this.#last.set(label, index);
    const placeholder = { name: `${label}_${index}`, value, isNumber };
    this.#byValue.set(key, placeholder);
    this.#byName.set(placeholder.name, placeholder);
    return placeholder.name;
  }

  /** The placeholder that a text is as a whole, as we write it. */
  exactly(text: string): Placeholder | undefined {
    return text.startsWith("[") && text.endsWith("]") ? this.#byName.get(text.slice(1, -1)) : undefined;
  }

  /** Whether a text may hold a placeholder. */
  mayBeIn(text: string): boolean {
    return this.#byName.size > 0 && text.search(written) !== -1;
  }

  /** A text with what `put` makes of each placeholder in its place; what is not surely one of ours stays. */
  replaceIn(text: string, put: (placeholder: Placeholder) => string): string {
    if (this.#byName.size === 0) return text;
    let replaced = "";
    let from = 0;
    for (const match of text.matchAll(written)) {
      const placeholder = this.#byName.get(nameOf(match));
      if (placeholder === undefined) continue;
      const span = spanOf(match, text, placeholder.name);
      if (span === undefined) continue;
      replaced += text.slice(from, span.start) + put(placeholder);
      from = span.end;
    }
    return from === 0 ? text : replaced + text.slice(from);
  }
}

function nameOf(match: RegExpExecArray): string {
  const { label = "", index = "" } = match.groups ?? {};
  return `${label.replace(/\\{0,4}[_ -]/g, "_").toUpperCase()}_${Number(index)}`;
}

/** What of a match is the placeholder; undefined when it may as well be a word of the model's own. */
function spanOf(match: RegExpExecArray, text: string, name: string): { start: number; end: number } | undefined {
  const { before, after } = match.groups ?? {};
  const end = match.index + match[0].length;
  // Backslashes belong to the brackets where both have them; those that only the first has were there before.
  if (before !== undefined && before === after) return { start: match.index, end };
  if (before !== undefined && after === "") return { start: match.index + before.length, end };
  // Without its brackets it must be as we wrote it, and a lone bracket is the text's own.
  const start = text.indexOf(name, match.index);
  if (start === -1 || start + name.length > end) return undefined;
  const alone = !isWordPart(text.charAt(start - 1)) && !isWordPart(text.charAt(start + name.length));
  return alone ? { start, end: start + name.length } : undefined;
}

function isWordPart(character: string): boolean {
  return /^[A-Za-z0-9_]$/.test(character);
}
