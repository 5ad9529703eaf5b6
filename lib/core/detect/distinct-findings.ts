import { type Finding, type FindingType, findingTypes } from "./finding.ts";

/**
 * Findings sorted by start, less those that lie within another of the same type that is as sure. What else overlaps
 * stays, so that the most sensitive of several readings decides, and nothing of any is left when it is redacted.
 * O(n log n).
 */
export function distinct(findings: readonly Finding[]): Finding[] {
  const furthest = new Map<FindingType, Finding>();
  return findings.toSorted(inOrder).filter((finding) => {
    const { type, start, end, confidence } = finding;
    const last = furthest.get(type);
    if (start >= end || (last !== undefined && end <= last.end && confidence <= last.confidence)) return false;
    if (last === undefined || end >= last.end) furthest.set(type, finding);
    return true;
  });
}

function inOrder(one: Finding, other: Finding): number {
  return (
    one.start - other.start ||
    other.end - one.end ||
    other.confidence - one.confidence ||
    findingTypes.indexOf(one.type) - findingTypes.indexOf(other.type)
  );
}
