import { findAddresses } from "./addresses/detect-addresses.ts";
import type { DetectText, Finding, FindingType } from "./finding.ts";
import { createMerge } from "./merge-findings.ts";
import { createNameFinder } from "./names/detect-names.ts";
import { loadLexicon } from "./names/lexicon.ts";
import { readStyle } from "./names/style.ts";
import { tokenize } from "./names/tokens.ts";
import { createStructuredDetector, type StructuredOptions } from "./structured/detect-structured.ts";

export type DetectOptions = StructuredOptions & {
  /** Findings below it are left out. From 0 to 1. @default 0.2 */
  minConfidence?: number;
  /** Of overlapping findings the one of the more sensitive type stays. @default all are equally sensitive */
  sensitivityOf?: (type: FindingType) => number;
};

/**
 * Joins the detectors: structured data, names and addresses. Loading takes some tens of milliseconds and some
 * megabytes of memory, once. Findings are sorted by start, without overlaps. Linear in the text's length.
 */
export function createDetector({
  minConfidence = 0.2,
  sensitivityOf = () => 0,
  ...structured
}: DetectOptions): DetectText {
  const merge = createMerge(sensitivityOf);
  const detectStructured = createStructuredDetector(structured);
  const lexicon = loadLexicon();
  const findNames = createNameFinder();

  return (text) => {
    const tokens = tokenize(text, lexicon);
    const style = readStyle(tokens);
    const addresses = findAddresses(text, tokens, style.style, minConfidence);
    return merge(
      detectStructured(text).filter(({ confidence }) => confidence >= minConfidence),
      outside(addresses, findNames(text, tokens, style, minConfidence)),
      addresses,
    );
  };
}

/** Streets and towns are named like people: a name that touches an address is a part of it. Both lists are sorted. */
function outside(addresses: readonly Finding[], names: readonly Finding[]): Finding[] {
  let at = 0;
  return names.filter(({ start, end }) => {
    while (at < addresses.length && (addresses[at]?.end ?? 0) <= start) at++;
    return (addresses[at]?.start ?? end) >= end;
  });
}
