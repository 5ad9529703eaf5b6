import { readFileSync } from "node:fs";
import { type Random, seeded } from "./random.ts";
import { createValues } from "./values.ts";

/** A text with the places of the names in it, and the number of the template that it was made from. */
export type LabelledText = { text: string; names: Array<{ start: number; end: number }>; template: number };

type Template = { language: string; text: string };

function read(file: string, language?: string): Template[] {
  const lines = readFileSync(new URL(file, import.meta.url), "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const tab = language === undefined ? line.indexOf("\t") : -1;
      return { language: language ?? line.slice(0, tab), text: line.slice(tab + 1).replaceAll("\\n", "\n") };
    });
}
const named = [...read("english.txt", "en"), ...read("other.txt")];
const nameless = [...read("english-none.txt", "en"), ...read("other-none.txt")];

const templates = [...named, ...nameless];
export const templateTexts: readonly string[] = templates.map(({ text }) => text);

const nameSlots = new Set(["name", "first", "last"]);

function recase(made: LabelledText, random: Random): LabelledText {
  const kind = random.next();
  if (kind < 0.14) return { ...made, text: made.text.toLowerCase() };
  if (kind < 0.17) return { ...made, text: made.text.toUpperCase() };
  if (kind < 0.2)
    return {
      ...made,
      text: made.names.reduce(
        (text, { start, end }) => text.slice(0, start) + text.slice(start, end).toLowerCase() + text.slice(end),
        made.text,
      ),
    };
  return made;
}

/** Texts from all templates, `each` from one, the same for the same seed. */
export function makeTexts(seed: number, each: number, isListed: (name: string) => boolean): LabelledText[] {
  const random = seeded(seed);
  const valueFor = createValues(random, isListed);
  function fill({ text }: Template, template: number): LabelledText {
    const names: LabelledText["names"] = [];
    let filled = "";
    let at = 0;
    for (const match of text.matchAll(/\{([a-z]+)\}/g)) {
      const slot = match[1] ?? "";
      const value = valueFor(slot);
      filled += text.slice(at, match.index);
      if (nameSlots.has(slot)) names.push({ start: filled.length, end: filled.length + value.length });
      filled += value;
      at = match.index + match[0].length;
    }
    return { text: filled + text.slice(at), names, template };
  }

  return templates.flatMap((template, number) =>
    Array.from({ length: each }, () => {
      const made = fill(template, number);
      const others = random.chance(0.3) ? nameless.filter(({ language }) => language === template.language) : [];
      const other = others.length > 0 ? fill(random.pick(others), number) : undefined;
      if (other === undefined) return recase(made, random);
      const between = random.pick([" ", "\n", ". ", "\n\n"]);
      const joined = random.chance(0.5)
        ? { ...made, text: made.text + between + other.text }
        : {
            ...made,
            text: other.text + between + made.text,
            names: made.names.map(({ start, end }) => {
              const moved = other.text.length + between.length;
              return { start: start + moved, end: end + moved };
            }),
          };
      return recase(joined, random);
    }),
  );
}
