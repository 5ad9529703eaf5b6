import type { Finding, FindingType } from "../../lib/core/detect/finding.ts";
import { structuredTypes, typeOfLabel } from "./labels.ts";
import type { Row } from "./rows.ts";

/** How well one thing was found. Shares are null where there is nothing to share. */
export type Score = { wanted: number; found: number; reported: number; right: number } & Shares;
type Shares = { recall: number | null; precision: number | null; f2: number | null };
type Counts = { wanted: number; found: number; reported: number; right: number };

export type Scored = { row: Row; findings: readonly Finding[] };

/** A labelled stretch that was not found, or a finding that nothing labelled overlaps. */
export type Mistake = { kind: "miss" | "false-alarm"; type: FindingType; line: number; start: number; end: number };

type Span = { start: number; end: number };
function overlap(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

function toScore(counts: Counts): Score {
  const recall = counts.wanted === 0 ? null : counts.found / counts.wanted;
  const precision = counts.reported === 0 ? null : counts.right / counts.reported;
  const weighed = recall === null || precision === null ? 0 : 4 * precision + recall;
  return { ...counts, recall, precision, f2: weighed === 0 ? null : (5 * (precision ?? 0) * (recall ?? 0)) / weighed };
}

/** The labelled stretches of a row whose labels stand for a type. */
function wantedOf({ spans = [] }: Row): Array<Span & { type: FindingType }> {
  return spans.flatMap(({ type, start, end }) => {
    const known = typeOfLabel.get(type);
    return known === undefined ? [] : [{ type: known, start, end }];
  });
}

/** Per type, by overlap: a stretch is found by a finding of its type, and a finding is right by a stretch of its type. */
export function scoreTypes(scored: readonly Scored[]): { types: Map<FindingType, Score>; mistakes: Mistake[] } {
  const counts = new Map<FindingType, Counts>();
  const mistakes: Mistake[] = [];
  function countsOf(type: FindingType): Counts {
    const known = counts.get(type) ?? { wanted: 0, found: 0, reported: 0, right: 0 };
    counts.set(type, known);
    return known;
  }
  for (const { row, findings } of scored) {
    const wanted = wantedOf(row);
    for (const span of wanted) {
      const isFound = findings.some((finding) => finding.type === span.type && overlap(finding, span));
      countsOf(span.type).wanted++;
      if (isFound) countsOf(span.type).found++;
      else mistakes.push({ kind: "miss", line: row.line, type: span.type, start: span.start, end: span.end });
    }
    for (const { type, start, end } of findings) {
      const isRight = wanted.some((span) => span.type === type && overlap({ start, end }, span));
      countsOf(type).reported++;
      if (isRight) countsOf(type).right++;
      else mistakes.push({ kind: "false-alarm", line: row.line, type, start, end });
    }
  }
  return { types: new Map([...counts].map(([type, count]) => [type, toScore(count)])), mistakes };
}

/** Per text: whether it has anything of the group, and whether anything of the group was found in it, wherever. */
export function scoreTexts(scored: readonly Scored[], group: "structured" | "any"): Score {
  const counts: Counts = { wanted: 0, found: 0, reported: 0, right: 0 };
  const belongs = ({ type }: { type: FindingType }) => group === "any" || structuredTypes.has(type);
  for (const { row, findings } of scored) {
    const isWanted = wantedOf(row).some(belongs);
    const isReported = findings.some(belongs);
    if (isWanted) counts.wanted++;
    if (isReported) counts.reported++;
    if (isWanted && isReported) {
      counts.found++;
      counts.right++;
    }
  }
  return toScore(counts);
}

/** How many stretches have labels that stand for no type. */
export function countUnscored(rows: readonly Row[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of rows.flatMap(({ spans = [] }) => spans))
    if (!typeOfLabel.has(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}
