/** What must not be: kinds of findings, with the first of each in words. */
const findingKinds = [
  "lost",
  "duplicated",
  "out of order",
  "ended wrongly",
  "counts wrong",
  "cost wrong",
  "charged twice without a crash",
  "answered without a charge",
  "policy violations",
] as const;
export type FindingKind = (typeof findingKinds)[number];

export type Findings = {
  add(kind: FindingKind, what: string): void;
  counts(): Record<FindingKind, number>;
  /** The first of each kind. */
  examples(): string[];
};

const examplesOfKind = 5;

export function createFindings(): Findings {
  const found = new Map<FindingKind, string[]>();
  const counts = new Map<FindingKind, number>();
  return {
    add(kind, what) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const known = found.get(kind) ?? [];
      found.set(kind, known);
      if (known.length < examplesOfKind) known.push(`${kind}: ${what}`);
    },
    counts: () => {
      const all: Record<FindingKind, number> = {
        lost: 0,
        duplicated: 0,
        "out of order": 0,
        "ended wrongly": 0,
        "counts wrong": 0,
        "cost wrong": 0,
        "charged twice without a crash": 0,
        "answered without a charge": 0,
        "policy violations": 0,
      };
      for (const [kind, count] of counts) all[kind] = count;
      return all;
    },
    examples: () => [...found.values()].flat(),
  };
}
