import type { FindingType } from "../detect/finding.ts";
import type { Span } from "./spans.ts";

type Node = {
  next: Map<number, Node>;
  type?: FindingType;
  /** Its first letter must be a capital: Grace may be a name where grace is none. */
  isCapital?: boolean;
};

const oneWord = /^\p{Lu}\p{L}*$/u;

/** Shorter ones stand in too many places where they mean something else. */
const shortest = 5;

/** Longer ones are hardly repeated word by word, and each character costs time wherever a text begins like them. */
const longest = 100;

const wordPart = /[\p{L}\p{M}\p{N}_]/u;

/** Finds values again, in other texts and in other places of the same, in capitals or small letters. */
export class Occurrences {
  readonly #root: Node = { next: new Map() };
  #isEmpty = true;

  /** The first type that is said of a value holds. */
  add(value: string, type: FindingType): void {
    if (value.length < shortest || value.length > longest) return;
    const small = inSmallLetters(value);
    let node = this.#root;
    for (let at = 0; at < small.length; at += 1) {
      const code = small.charCodeAt(at);
      const next: Node = node.next.get(code) ?? { next: new Map() };
      node.next.set(code, next);
      node = next;
    }
    node.type ??= type;
    node.isCapital = (node.isCapital ?? true) && oneWord.test(value);
    this.#isEmpty = false;
  }

  /** Where in a text values stand that are no part of longer words, the longest at each place. In time linear in the text. */
  in(written: string): Span[] {
    const spans: Span[] = [];
    if (this.#isEmpty) return spans;
    const text = inSmallLetters(written);
    for (let start = 0; start < text.length; start += 1) {
      const first = this.#root.next.get(text.charCodeAt(start));
      if (first === undefined || !isBorder(text, start)) continue;
      const found = longestFrom(first, text, start, written.charAt(start) !== text.charAt(start));
      if (found === undefined) continue;
      spans.push(found);
      start = found.end - 1;
    }
    return spans;
  }
}

/** Unit by unit: İ is the one character whose small letter is longer. */
function inSmallLetters(text: string): string {
  return text.replaceAll("İ", "I").toLowerCase();
}

function longestFrom(first: Node, text: string, start: number, isCapital: boolean): Span | undefined {
  let found: Span | undefined;
  let at = start + 1;
  for (let node: Node | undefined = first; node !== undefined; node = node.next.get(text.charCodeAt(at)), at += 1)
    if (node.type !== undefined && (isCapital || node.isCapital !== true) && isBorder(text, at))
      found = { type: node.type, start, end: at };
  return found;
}

/** Whether no word goes on at a place. */
function isBorder(text: string, at: number): boolean {
  return at === 0 || at === text.length || !(wordPart.test(text.charAt(at - 1)) && wordPart.test(text.charAt(at)));
}
