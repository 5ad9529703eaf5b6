import { writeFileSync } from "node:fs";
import { attribute } from "../lib/core/detect/names/attributes.ts";
import { decodeBytes, encodeBytes } from "../lib/core/detect/names/bytes.ts";
import { findCandidates } from "../lib/core/detect/names/candidates.ts";
import { foldWord, hashFolded } from "../lib/core/detect/names/characters.ts";
import { featureCount, featuresAtOnce, writeFeatures } from "../lib/core/detect/names/features.ts";
import { loadLexicon } from "../lib/core/detect/names/lexicon.ts";
import { createLikeness } from "../lib/core/detect/names/likeness.ts";
import { likenessData } from "../lib/core/detect/names/likeness-data.ts";
import { languageOf, styleOf } from "../lib/core/detect/names/style.ts";
import { tokenize } from "../lib/core/detect/names/tokens.ts";
import { type Random, seeded } from "./name-corpus/random.ts";
import { type LabelledText, makeTexts } from "./name-corpus/texts.ts";

type Example = { features: Int32Array; isName: boolean; template: number };

const lexicon = loadLexicon();
const like = createLikeness(decodeBytes(likenessData));
const names = (3 << attribute.first) | (3 << attribute.last);

/**
 * The candidates of a text with their features. Of the words of the lexicon some are forgotten, so that the weights
 * do not rely on every name and every place being listed.
 */
function examplesOf({ text, names: wanted, template }: LabelledText, random: Random): Example[] {
  const tokens = tokenize(text, lexicon);
  for (let at = 0; at < tokens.count; at++) {
    const attributes = tokens.attributes[at] ?? 0;
    if ((attributes & (3 << attribute.word)) !== 0) continue;
    if ((attributes & names) !== 0 && random.chance(0.2)) tokens.attributes[at] = attributes & ~names;
    if (random.chance(0.25)) tokens.attributes[at] = (tokens.attributes[at] ?? 0) & ~(3 << attribute.place);
  }
  const style = { style: styleOf(tokens), language: languageOf(tokens) };
  const scratch = new Int32Array(featuresAtOnce);
  return findCandidates(tokens, style.style).map((candidate) => {
    const count = writeFeatures(text, tokens, candidate, style, like, scratch);
    const start = tokens.start[candidate.first] ?? 0;
    const end = tokens.end[candidate.last] ?? 0;
    return {
      features: scratch.slice(0, count),
      isName: wanted.some((name) => name.start < end && start < name.end),
      template,
    };
  });
}

/** Logistic regression by stochastic gradient descent with AdaGrad; returns the bias behind the weights. */
function train(examples: readonly Example[], epochs: number, random: Random): Float64Array {
  const weights = new Float64Array(featureCount + 1);
  const squares = new Float64Array(featureCount + 1).fill(1);
  const decay = 2e-6;
  const order = examples.map((_, at) => at);
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let at = order.length - 1; at > 0; at--) {
      const other = random.below(at + 1);
      [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
    }
    for (const at of order) {
      const example = examples[at];
      if (example === undefined) continue;
      let sum = weights[featureCount] ?? 0;
      for (const feature of example.features) sum += weights[feature] ?? 0;
      const error = 1 / (1 + Math.exp(-sum)) - (example.isName ? 1 : 0);
      for (const feature of [...example.features, featureCount]) {
        const weight = weights[feature] ?? 0;
        const gradient = error + decay * examples.length * weight * 0.05;
        squares[feature] = (squares[feature] ?? 0) + gradient * gradient;
        weights[feature] = weight - (0.15 * gradient) / Math.sqrt(squares[feature] ?? 1);
      }
    }
  }
  return weights;
}

function isListed(name: string): boolean {
  return lexicon.attributes(hashFolded(foldWord(name))) !== 0;
}

const each = 50;
const random = seeded(7);
console.time("texts");
const texts = makeTexts(1, each, isListed);
const examples = texts.flatMap((text) => examplesOf(text, random));
console.timeEnd("texts");
const missed = texts.reduce((sum, text) => sum + text.names.length, 0);
console.log(
  `${texts.length} texts, ${missed} names, ${examples.length} candidates, ${examples.filter(({ isName }) => isName).length} of them names`,
);

/** Fifths of the templates are held out in turn. */
function crossValidate(): void {
  const counts = { found: 0, wanted: 0, flagged: 0 };
  for (let fold = 0; fold < 5; fold++) {
    const weights = train(
      examples.filter(({ template }) => template % 5 !== fold),
      3,
      random,
    );
    for (const { features, isName, template } of examples) {
      if (template % 5 !== fold) continue;
      const flagged = features.reduce((sum, feature) => sum + (weights[feature] ?? 0), weights[featureCount] ?? 0) > 0;
      if (isName) counts.wanted++;
      if (flagged) counts.flagged++;
      if (flagged && isName) counts.found++;
    }
  }
  console.log(
    `held-out templates: recall ${(counts.found / counts.wanted).toFixed(4)}, precision ${(counts.found / counts.flagged).toFixed(4)}`,
  );
}
crossValidate();

const weights = train(examples, 4, random);
const scale = 24;
const bytes = Int8Array.from(weights, (weight) => Math.max(-127, Math.min(127, Math.round(weight * scale))));
writeFileSync(
  new URL("../lib/core/detect/names/weights-data.ts", import.meta.url),
  `// Made by \`npm run train:names\` from bench/name-corpus: do not edit. Signed bytes in base64, the order that of
// features.ts with the bias last; \`weightScale\` is one unit of log odds.
export const weightScale = ${scale};
export const weightData =
  "${encodeBytes(bytes)}";
`,
);
