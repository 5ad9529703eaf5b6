import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { attribute } from "../lib/core/detect/names/attributes.ts";
import { decodeBytes, encodeBytes } from "../lib/core/detect/names/bytes.ts";
import { findCandidates } from "../lib/core/detect/names/candidates.ts";
import { foldWord, hashFolded } from "../lib/core/detect/names/characters.ts";
import { featureCount, featuresAtOnce, writeFeatures } from "../lib/core/detect/names/features.ts";
import { loadLexicon } from "../lib/core/detect/names/lexicon.ts";
import { createLikeness } from "../lib/core/detect/names/likeness.ts";
import { likenessData } from "../lib/core/detect/names/likeness-data.ts";
import { readStyle } from "../lib/core/detect/names/style.ts";
import { tokenize } from "../lib/core/detect/names/tokens.ts";
import { type Random, seeded } from "./name-corpus/random.ts";
import { type LabelledText, makeTexts, templateTexts } from "./name-corpus/texts.ts";

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
  const style = readStyle(tokens);
  const scratch = new Int32Array(featuresAtOnce);
  return findCandidates(tokens, style).map((candidate) => {
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
const texts = makeTexts(1, each, isListed);
const corpus = texts.map((text) => ({
  template: text.template,
  named: text.names.length > 0,
  examples: examplesOf(text, random),
}));
const examples = corpus.flatMap((text) => text.examples);
console.log(
  `${texts.length} texts, ${examples.length} candidates, ${examples.filter(({ isName }) => isName).length} names`,
);

/** Where the detector reports by default: a probability of 0.2. */
const leastLogOdds = Math.log(0.2 / 0.8);
/** `--worst N` shows the templates that do worst when they are held out. */
const showWorst = Number(parseArgs({ options: { worst: { type: "string", default: "0" } } }).values.worst);

function logOdds(features: Int32Array, weights: Float64Array): number {
  return features.reduce((sum, feature) => sum + (weights[feature] ?? 0), weights[featureCount] ?? 0);
}

type Tally = { texts: number; flagged: number };

/**
 * Fifths of the templates are held out in turn. Per text, as the detector is judged: was anything found in a text with
 * a name, and was anything found in one without?
 */
function crossValidate(): void {
  const byTemplate = new Map<number, Tally & { named: boolean }>();
  for (let fold = 0; fold < 5; fold++) {
    const weights = train(
      examples.filter(({ template }) => template % 5 !== fold),
      4,
      random,
    );
    for (const { template, named, examples: candidates } of corpus) {
      if (template % 5 !== fold) continue;
      const tally = byTemplate.get(template) ?? { texts: 0, flagged: 0, named };
      tally.texts++;
      if (candidates.some(({ features }) => logOdds(features, weights) >= leastLogOdds)) tally.flagged++;
      byTemplate.set(template, tally);
    }
  }
  for (const named of [true, false]) {
    const of = [...byTemplate].filter(([, tally]) => tally.named === named);
    const texts = of.reduce((sum, [, tally]) => sum + tally.texts, 0);
    const flagged = of.reduce((sum, [, tally]) => sum + tally.flagged, 0);
    const share = (100 * flagged) / texts;
    console.log(
      `held-out templates ${named ? "with" : "without"} names: ${share.toFixed(2)} % of ${texts} texts flagged`,
    );
    const worst = of.sort(
      ([, one], [, other]) => (named ? 1 : -1) * (one.flagged / one.texts - other.flagged / other.texts),
    );
    for (const [template, tally] of worst.slice(0, showWorst))
      console.log(`  ${tally.flagged}/${tally.texts} ${JSON.stringify(templateTexts[template])}`);
  }
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
