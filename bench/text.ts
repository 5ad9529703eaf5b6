/** Numbers in [0, 1). */
export type Random = () => number;

const subjects = [
  "The customer",
  "Our warehouse",
  "A delivery van",
  "The second invoice",
  "My colleague",
  "The new tariff",
];
const verbs = [
  "did not confirm",
  "has changed",
  "asked about",
  "will replace",
  "could not find",
  "returned",
  "mentioned",
];
const objects = [
  "the order of last week",
  "a blue jacket in size M",
  "the payment terms",
  "two damaged boxes",
  "the contract",
];
const endings = [
  "before the deadline",
  "because the address was wrong",
  "without giving a reason",
  "and wants to know why",
];
const names = ["Ada Moreau", "Jonas Weber", "Priya Nair", "Tomás Silva", "Mei Tanaka", "Olga Petrenko"];
const statements = [
  "const total = items.reduce((sum, item) => sum + item.price * item.count, 0);",
  'if (total > limit) throw new RangeError("over the limit: " + total);',
  "for (const [key, value] of Object.entries(settings)) cache.set(key, value);",
  "return rows.filter((row) => row.updatedAt >= since).map(({ id }) => id);",
];

export function pick<T>(from: readonly [T, ...T[]] | readonly T[], random: Random): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new RangeError("There is nothing to pick from.");
  return chosen;
}

export function between(least: number, most: number, random: Random): number {
  return least + Math.floor(random() * (most - least + 1));
}

export function sentence(random: Random): string {
  return `${pick(subjects, random)} ${pick(verbs, random)} ${pick(objects, random)} ${pick(endings, random)}.`;
}

export function paragraph(sentences: number, random: Random): string {
  return Array.from({ length: sentences }, () => sentence(random)).join(" ");
}

export function person(random: Random): string {
  return pick(names, random);
}

export function program(lines: number, random: Random): string {
  const body = Array.from({ length: lines }, () => `  ${pick(statements, random)}`).join("\n");
  return `\`\`\`ts\nexport function work(items: Item[]) {\n${body}\n}\n\`\`\``;
}
