import { type Finding, type FindingType, findingTypes } from "./finding.ts";

export type MergeFindings = (...lists: readonly (readonly Finding[])[]) => Finding[];

/**
 * Makes the findings of several detectors one list, sorted by start, without overlaps. One is left out only for one that
 * overlaps it, stays, and is of a more sensitive type, or else has the higher confidence, or else is longer, or else is
 * of the earlier type. O(n log n).
 * @param sensitivityOf how sensitive a type is, from 0
 */
export function createMerge(sensitivityOf: (type: FindingType) => number): MergeFindings {
  return (...lists) => {
    const all = lists.flat().filter(({ start, end }) => end > start);
    if (all.length < 2) return all;
    const taken = createStretches(all);
    return all
      .sort((one, other) => sensitivityOf(other.type) - sensitivityOf(one.type) || compare(one, other))
      .filter((finding) => taken.take(finding))
      .sort((one, other) => one.start - other.start);
  };
}

/** Negative if `one` is to stay rather than `other`, of types that are equally sensitive. */
function compare(one: Finding, other: Finding): number {
  return (
    other.confidence - one.confidence ||
    other.end - other.start - (one.end - one.start) ||
    findingTypes.indexOf(one.type) - findingTypes.indexOf(other.type) ||
    one.start - other.start
  );
}

type Stretch = { start: number; end: number };

/** Which stretches of the text are taken: a Fenwick tree over the places where findings begin or end. */
function createStretches(stretches: readonly Stretch[]): { take(stretch: Stretch): boolean } {
  const places = [...new Set(stretches.flatMap(({ start, end }) => [start, end]))].sort((one, other) => one - other);
  const indexOf = new Map(places.map((place, index) => [place, index]));
  const tree = new Int32Array(places.length + 1);

  function takenBefore(index: number): number {
    let sum = 0;
    for (let at = index; at > 0; at -= at & -at) sum += tree[at] ?? 0;
    return sum;
  }

  return {
    /** False, and takes nothing, if a part of it is taken already. */
    take({ start, end }) {
      const from = indexOf.get(start) ?? 0;
      const to = indexOf.get(end) ?? 0;
      if (takenBefore(to) > takenBefore(from)) return false;
      for (let index = from; index < to; index += 1) {
        for (let at = index + 1; at < tree.length; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      }
      return true;
    },
  };
}
