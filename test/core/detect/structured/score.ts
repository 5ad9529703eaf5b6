import type { DetectText, Finding, FindingType } from "../../../../lib/core/detect/finding.ts";
import { type Fixture, readMarks } from "./marked-text.ts";

export type Score = {
  positives: number;
  nearMisses: number;
  recall: number;
  precision: number;
  /** Texts in which something marked was not found exactly, or something else was found: for the message of a failure. */
  wrong: string[];
};

/** How the detector does on one type: a span counts as found if start and end are exact. Other types are not looked at. */
export function score(detect: DetectText, type: FindingType, { positives, nearMisses }: Fixture): Score {
  let marked = 0;
  let found = 0;
  let extra = 0;
  const wrong: string[] = [];
  for (const line of [...positives, ...nearMisses]) {
    const { text, spans } = readMarks(line);
    const findings = detect(text).filter((finding) => finding.type === type);
    const hits = spans.filter((span) => findings.some((finding) => isSame(finding, span))).length;
    marked += spans.length;
    found += hits;
    extra += findings.length - hits;
    if (hits < spans.length || findings.length > hits) wrong.push(line);
  }
  return {
    positives: positives.length,
    nearMisses: nearMisses.length,
    recall: found / marked,
    precision: found / (found + extra),
    wrong,
  };
}

function isSame(finding: Finding, span: { start: number; end: number }): boolean {
  return finding.start === span.start && finding.end === span.end;
}
