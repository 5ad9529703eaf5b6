/** Texts of one type of finding: what is to be found stands in ⟦ ⟧; near-misses have none. */
export type Fixture = { positives: readonly string[]; nearMisses: readonly string[] };

export type MarkedText = { text: string; spans: { start: number; end: number }[] };

export function readMarks(marked: string): MarkedText {
  let text = "";
  const spans: { start: number; end: number }[] = [];
  for (const part of marked.split(/(⟦[^⟧]*⟧)/)) {
    const start = text.length;
    text += part.startsWith("⟦") ? part.slice(1, -1) : part;
    if (part.startsWith("⟦")) spans.push({ start, end: text.length });
  }
  return { text, spans };
}

/** Puts values in turn where the sentences have `{}`: as many texts as there are values. */
export function fill(sentences: readonly string[], values: readonly string[]): string[] {
  return values.map((value, at) => (sentences[at % sentences.length] ?? "{}").replace("{}", () => value));
}

/** The same, with the values marked as what is to be found. */
export function fillMarked(sentences: readonly string[], values: readonly string[]): string[] {
  return fill(
    sentences,
    values.map((value) => `⟦${value}⟧`),
  );
}

export function times<Value>(count: number, make: (at: number) => Value): Value[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
