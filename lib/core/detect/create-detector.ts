import { findAddresses } from "./addresses/detect-addresses.ts";
import { distinct } from "./distinct-findings.ts";
import type { DetectText, Finding, FindingType } from "./finding.ts";
import { createNameFinder } from "./names/detect-names.ts";
import { loadLexicon } from "./names/lexicon.ts";
import { readStyle } from "./names/style.ts";
import { tokenize } from "./names/tokens.ts";
import { inPlainText } from "./plain-text.ts";
import { createStructuredDetector, type StructuredOptions } from "./structured/detect-structured.ts";

export type DetectOptions = StructuredOptions & {
  /** Findings below it are left out. From 0 to 1. @default 0.2 */
  minConfidence?: number;
  /** A name within an address is told where it is the more sensitive of the two. @default all are equally sensitive */
  sensitivityOf?: (type: FindingType) => number;
};

/**
 * Joins the detectors: structured data, names and addresses. Loading takes some tens of milliseconds and some
 * megabytes of memory, once. Findings are sorted by start, and may overlap. Linear in the text's length.
 */
export function createDetector({
  minConfidence = 0.2,
  sensitivityOf = () => 0,
  ...structured
}: DetectOptions): DetectText {
  const namesInAddresses = sensitivityOf("name") > sensitivityOf("address");
  const detectStructured = createStructuredDetector(structured);
  const lexicon = loadLexicon();
  const findNames = createNameFinder();

  return inPlainText((text) => {
    const tokens = tokenize(text, lexicon);
    const style = readStyle(tokens);
    const addresses = findAddresses(text, tokens, style.style, minConfidence);
    const names = findNames(text, tokens, style, minConfidence);
    return distinct([
      ...detectStructured(text).filter(({ confidence }) => confidence >= minConfidence),
      ...(namesInAddresses ? names : outside(addresses, names)),
      ...addresses,
    ]);
  });
}

/** Streets and towns are named like people: a name within an address is a part of it. Both lists are sorted. */
function outside(addresses: readonly Finding[], names: readonly Finding[]): Finding[] {
  let at = 0;
  return names.filter(({ start, end }) => {
    while (at < addresses.length && (addresses[at]?.end ?? 0) <= start) at++;
    const address = addresses[at];
    return address === undefined || start < address.start || end > address.end;
  });
}
