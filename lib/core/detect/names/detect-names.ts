import type { Finding } from "../finding.ts";
import { decodeBytes } from "./bytes.ts";
import { findCandidates } from "./candidates.ts";
import { featureCount, featuresAtOnce, writeFeatures } from "./features.ts";
import { createLikeness } from "./likeness.ts";
import { likenessData } from "./likeness-data.ts";
import type { TextStyle } from "./style.ts";
import type { Tokens } from "./tokens.ts";
import { weightData, weightScale } from "./weights-data.ts";

/** Finds names in a text that is cut into words already. */
export type FindNames = (text: string, tokens: Tokens, style: TextStyle, leastConfidence: number) => Finding[];

/**
 * Finds names of persons: runs of words that may be names by how they are written and by lists of names, weighed by
 * logistic regression over what they are and what stands beside them. `leastConfidence` is the probability, from 0 to
 * 1, below which a run is not reported. Linear in the text's length.
 */
export function createNameFinder(): FindNames {
  const like = createLikeness(decodeBytes(likenessData));
  const weights = decodeBytes(weightData);
  const features = new Int32Array(featuresAtOnce);

  return (text, tokens, style, leastConfidence) => {
    const candidates = findCandidates(tokens, style);
    const findings: Finding[] = [];
    for (const candidate of candidates) {
      const count = writeFeatures(text, tokens, candidate, style, like, features);
      let sum = weights[featureCount] ?? 0;
      for (let at = 0; at < count; at++) sum += weights[features[at] ?? 0] ?? 0;
      const confidence = 1 / (1 + Math.exp(-sum / weightScale));
      if (confidence < leastConfidence) continue;
      const start = tokens.start[candidate.first] ?? 0;
      findings.push({
        type: "name",
        start,
        end: tokens.end[candidate.last] ?? start,
        confidence: Math.round(confidence * 100) / 100,
      });
    }
    return findings;
  };
}
