/** The allowed name that a mistyped one most likely meant; undefined when none is near. */
function nearestName(typed: string, allowed: readonly string[]): string | undefined {
  // Longer names may differ in more places; beyond that a suggestion would be a guess.
  const atMost = typed.length < 4 ? 1 : Math.max(2, Math.floor(typed.length / 3));
  const ranked = allowed
    .map((name) => ({ name, distance: distance(typed.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= atMost)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.name;
}

/** `; did you mean "secret"?` or nothing: to be put behind a sentence about an unknown name. */
export function didYouMean(typed: string, allowed: readonly string[]): string {
  const near = nearestName(typed, allowed);
  return near === undefined ? "" : `; did you mean "${near}"?`;
}

/** Levenshtein distance. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 20 || from.length > 80) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
