import fc from "fast-check";
import { type FindingType, findingTypes } from "../../../lib/core/detect/finding.ts";
import { type Tier, tiers } from "../../../lib/core/names.ts";
import { conditions } from "./conditions.ts";
import type {
  Written,
  WrittenClass,
  WrittenDeployment,
  WrittenEntry,
  WrittenFact,
  WrittenResidency,
} from "./written.ts";

/** Days on which facts end, and around which jobs are decided. */
export const lastDays = ["2026-05-31", "2026-06-15", "2026-06-30", "2028-02-29"] as const;

const regions = ["us-east-1", "eu-central-1", "eu-west-1", "ap-southeast-2"] as const;
/** Inference profiles that can be called in each region; the empty one is in-region. */
const prefixes = {
  "us-east-1": ["", "us.", "global."],
  "eu-central-1": ["", "eu.", "global."],
  "eu-west-1": ["", "eu.", "global."],
  "ap-southeast-2": ["", "apac.", "au.", "global."],
} as const;

/** The facts that classes may require, with the value that they ask. */
export const wantedFacts = {
  dpa: true,
  baa: true,
  zeroRetention: true,
  trainsOnData: false,
  onPremises: true,
  residency: "eu",
} as const;
export const factNames = ["dpa", "baa", "zeroRetention", "trainsOnData", "onPremises", "residency"] as const;
const classNames = ["public", "internal", "pii", "phi", "financial"];
const residencyNames = ["eu", "us", "own"];
const tenantNames = ["acme", "umbrella"];

const tier: fc.Arbitrary<Tier> = fc.constantFrom(...tiers);
const price = { inputPerMTok: 1, outputPerMTok: 2 };

function mostly<T>(often: fc.Arbitrary<T>, seldom: fc.Arbitrary<T>, weight = 4): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: often, weight }, { arbitrary: seldom, weight: 1 });
}

/** A fact as a deployment states it: not at all, rightly, wrongly, or until a day. */
function factOf(name: (typeof factNames)[number]): fc.Arbitrary<WrittenFact | undefined> {
  const right = wantedFacts[name];
  const wrong = typeof right === "string" ? "us" : !right;
  const until = fc.constantFrom(...lastDays);
  return fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 14, arbitrary: fc.constant(right) },
    { weight: 2, arbitrary: fc.constant(wrong) },
    { weight: 1, arbitrary: fc.constant(String(right)) },
    { weight: 4, arbitrary: until.map((day) => ({ value: right, until: day, by: "Legal" })) },
    { weight: 1, arbitrary: fc.constant({ value: right, by: "Legal" }) },
    { weight: 1, arbitrary: until.map((day) => ({ value: wrong, until: day })) },
  );
}

const facts = fc.tuple(...factNames.map((name) => factOf(name))).map(
  (stated): Record<string, WrittenFact> =>
    Object.fromEntries(
      factNames.flatMap((name, index) => {
        const fact = stated[index];
        return fact === undefined ? [] : [[name, fact]];
      }),
    ),
);

const region = fc.constantFrom(...regions);
const common = {
  facts,
  contextTokens: mostly(fc.constant(undefined), fc.constantFrom(100, 2000), 8),
  supports: mostly(fc.constant(undefined), fc.subarray(["tools", "json-schema", "images"])),
};

const bedrock = fc
  .record({ ...common, region, profile: fc.nat(3) })
  .map(({ region: where, profile, facts: stated, contextTokens }): WrittenDeployment => {
    const possible = prefixes[where];
    const prefix = possible[profile % possible.length] ?? "";
    return {
      provider: "bedrock",
      model: `${prefix}amazon.nova`,
      region: where,
      price,
      ...(contextTokens !== undefined && { contextTokens }),
      facts: stated,
    };
  });

const external = fc
  .record({
    ...common,
    provider: fc.constantFrom("openai" as const, "openai-compatible" as const),
    host: fc.constantFrom("https://one.example.com/v1", "https://two.example.com/v1", "http://127.0.0.1:8000/v1"),
    keyless: fc.boolean(),
  })
  .map(({ provider, host, keyless, facts: stated, contextTokens, supports }): WrittenDeployment => {
    const onPremises = stated.onPremises;
    const own = (typeof onPremises === "object" ? onPremises.value : onPremises) === true;
    const compatible = provider === "openai-compatible";
    return {
      provider,
      model: "gpt",
      ...(compatible && { baseUrl: host }),
      ...(!(compatible && keyless && own) && { secret: "switchyard/key" }),
      price,
      ...(contextTokens !== undefined && { contextTokens }),
      ...(supports !== undefined && { supports }),
      facts: stated,
    };
  });

const deployments = fc.array(fc.oneof(bedrock, external), { minLength: 1, maxLength: 8 }).map((listed) =>
  Object.fromEntries(
    // No two are the same model in the same place.
    listed.map((deployment, index) => [`d${index}`, { ...deployment, model: `${deployment.model}-${index}` }]),
  ),
);

const dataClass = fc.record({
  require: fc.subarray([...factNames], { maxLength: 2 }),
  quarantine: mostly(fc.constant(true), fc.constant(false), 2),
  redact: mostly(fc.constant(false), fc.constant(true), 3),
  /** Says its zone although it would follow. */
  explicit: fc.boolean(),
});

const dataClasses = fc.record({
  classes: fc.array(dataClass, { minLength: 1, maxLength: 5 }),
  restrictedFrom: fc.nat(3),
});

const residency: fc.Arbitrary<WrittenResidency> = fc
  .record({
    regions: fc.subarray([...regions], { minLength: 1 }),
    inferenceProfiles: mostly(
      fc.subarray(["in-region", "us", "eu", "apac"], { minLength: 1 }),
      fc.constant(undefined),
      2,
    ),
    facts: mostly(
      fc.record({ residency: fc.constantFrom("eu", "us"), dpa: fc.constant(true) }, { requiredKeys: [] }),
      fc.constant(undefined),
      3,
    ),
  })
  .map(({ regions: within, inferenceProfiles, facts: asked }) => ({
    regions: within,
    ...(inferenceProfiles !== undefined && { inferenceProfiles }),
    ...(asked !== undefined && { facts: asked }),
  }));

const raiseTo: fc.Arbitrary<Partial<Record<FindingType, number>>> = fc.dictionary(
  fc.constantFrom(...findingTypes),
  fc.nat(4),
  { maxKeys: 6 },
);

/** Indices into what the configuration has, so that any of them means something. */
const parts = fc.record({
  regions: fc.shuffledSubarray([...regions], { minLength: 1 }),
  deployments,
  chains: fc.tuple(...tiers.map(() => fc.array(entryDraft(), { minLength: 1, maxLength: 8 }))),
  dataClasses,
  untagged: fc.nat(4),
  raiseTo: mostly(raiseTo, fc.constant(undefined), 3),
  tenants: mostly(
    fc.constant(undefined),
    fc.array(mostly(fc.nat(4), fc.constant(undefined), 3), { minLength: 1, maxLength: 2 }),
    1,
  ),
  residencies: fc.array(residency, { maxLength: 3 }),
  aliases: fc.dictionary(fc.constantFrom("gpt-4o", "fast"), tier, { maxKeys: 2 }),
  unknownModel: fc.constantFrom("error" as const, "auto" as const),
  rules: fc.array(fc.record({ when: fc.constantFrom(...conditions), tier }), { maxLength: 2 }),
  byComplexity: fc.boolean(),
  defaultTier: tier,
});

function entryDraft() {
  return fc.record({
    use: fc.nat(7),
    when: mostly(fc.constant(undefined), fc.constantFrom(...conditions), 3),
    short: fc.boolean(),
  });
}

/** Configurations that compile, but for classes that nobody may see and that do not say `quarantine: true`. */
export const writtenConfigurations: fc.Arbitrary<Written> = parts.map((made): Written => {
  const names = classNames.slice(0, made.dataClasses.classes.length);
  const nameAt = (place: number) => names[place % names.length] ?? "public";
  const uses = Object.keys(made.deployments);
  const chainAt = (place: number): Written["tiers"]["capable"] => {
    const seen = new Set<string>();
    return {
      chain: (made.chains[place] ?? []).flatMap(({ use, when, short }): WrittenEntry[] => {
        const name = uses[use % uses.length] ?? "d0";
        if (seen.has(name)) return [];
        seen.add(name);
        if (when !== undefined) return [{ use: name, when }];
        return short ? [name] : [{ use: name }];
      }),
    };
  };
  return {
    version: 1,
    regions: made.regions,
    deployments: made.deployments,
    tiers: { lightweight: chainAt(0), standard: chainAt(1), capable: chainAt(2) },
    aliases: made.aliases,
    unknownModel: made.unknownModel,
    dataClasses: Object.fromEntries(
      made.dataClasses.classes.map(({ require, quarantine, redact, explicit }, index) => {
        const restricted = index >= made.dataClasses.restrictedFrom;
        const stated: WrittenClass = {
          ...(index === made.dataClasses.restrictedFrom && { zone: "restricted" as const }),
          ...(explicit && { zone: restricted ? ("restricted" as const) : ("general" as const) }),
          ...(require.length > 0 && { require: Object.fromEntries(require.map((fact) => [fact, wantedFacts[fact]])) }),
          ...(quarantine && { quarantine }),
          ...(redact && made.raiseTo !== undefined && { redact }),
        };
        return [nameAt(index), Object.keys(stated).length === 0 ? null : stated];
      }),
    ),
    untagged: nameAt(made.untagged),
    ...(made.raiseTo !== undefined && {
      detect: {
        raiseTo: Object.fromEntries(Object.entries(made.raiseTo).map(([type, place = 0]) => [type, nameAt(place)])),
      },
    }),
    ...(made.tenants !== undefined && {
      tenants: Object.fromEntries(
        made.tenants.map((floor, index) => {
          const name = tenantNames[index] ?? "acme";
          return [name, { uploads: `${name}/`, ...(floor !== undefined && { dataClass: nameAt(floor) }) }];
        }),
      ),
    }),
    residencies: Object.fromEntries(made.residencies.map((rule, index) => [residencyNames[index] ?? "own", rule])),
    routing: {
      rules: made.rules.map((rule, index) => ({ name: `rule-${index}`, ...rule })),
      // biome-ignore lint/suspicious/noThenProperty: the configuration's own word; a list, so nothing awaits it
      then: made.byComplexity ? ["complexity"] : [],
      default: made.defaultTier,
    },
  };
});
