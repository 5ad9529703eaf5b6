import fc from "fast-check";
import type { Written, WrittenDeployment } from "./written.ts";
import { factNames, lastDays, wantedFacts, writtenConfigurations } from "./written-arbitrary.ts";

/** What somebody may change in a configuration while jobs are under way; places are taken modulo what there is. */
type Edit =
  | { what: "unstate" | "deny" | "end"; deployment: number; fact: number; day: number }
  | { what: "remove" | "move"; deployment: number }
  | { what: "require"; dataClass: number; fact: number }
  | { what: "restrict" | "redact"; dataClass: number }
  | { what: "narrow"; residency: number };

/** The configuration that is current when a job hops, as made from the one it was planned under. */
export type Later = { kind: "same" } | { kind: "edited"; edits: Edit[] } | { kind: "other"; written: Written };

const place = fc.nat(7);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom("unstate" as const, "deny" as const, "end" as const),
      deployment: place,
      fact: fc.nat(5),
      day: fc.nat(3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom("remove" as const, "move" as const), deployment: place }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("require" as const), dataClass: place, fact: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constantFrom("restrict" as const, "redact" as const), dataClass: place }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("narrow" as const), residency: place }) },
);

export const laters: fc.Arbitrary<Later> = fc.oneof(
  { weight: 1, arbitrary: fc.constant({ kind: "same" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("edited" as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("other" as const), written: writtenConfigurations }) },
);

export function laterOf(written: Written, later: Later): Written {
  if (later.kind === "same") return written;
  return later.kind === "other" ? later.written : later.edits.reduce(apply, written);
}

function apply(written: Written, edit: Edit): Written {
  switch (edit.what) {
    case "unstate":
    case "deny":
    case "end": {
      const fact = factNames[edit.fact] ?? "dpa";
      const { [fact]: _, ...rest } = chosen(written, edit.deployment).facts ?? {};
      const wanted = wantedFacts[fact];
      const changed =
        edit.what === "unstate"
          ? rest
          : {
              ...rest,
              [fact]:
                edit.what === "end"
                  ? { value: wanted, until: lastDays[edit.day] ?? lastDays[0] }
                  : typeof wanted === "string"
                    ? "us"
                    : !wanted,
            };
      return withDeployment(written, edit.deployment, (deployment) => keyed({ ...deployment, facts: changed }));
    }
    case "remove":
      return without(written, edit.deployment);
    case "move":
      return withDeployment(written, edit.deployment, moved);
    case "require": {
      const fact = factNames[edit.fact] ?? "dpa";
      return withClass(written, edit.dataClass, (stated) => ({
        ...stated,
        require: { ...stated.require, [fact]: wantedFacts[fact] },
      }));
    }
    case "restrict":
      return restricted(written, edit.dataClass);
    case "redact":
      return withClass({ ...written, detect: written.detect ?? { raiseTo: {} } }, edit.dataClass, (stated) => ({
        ...stated,
        redact: true,
      }));
    case "narrow": {
      const names = Object.keys(written.residencies ?? {});
      const name = names[edit.residency % names.length];
      const rule = name === undefined ? undefined : written.residencies?.[name];
      if (name === undefined || rule === undefined) return written;
      const narrow = { ...rule, regions: rule.regions.slice(0, 1), inferenceProfiles: ["in-region"] };
      return { ...written, residencies: { ...written.residencies, [name]: narrow } };
    }
  }
}

function chosenName(written: Written, index: number): string {
  const names = Object.keys(written.deployments);
  return names[index % names.length] ?? "";
}

function chosen(written: Written, index: number): WrittenDeployment {
  const found = written.deployments[chosenName(written, index)];
  if (found === undefined) throw new Error("A configuration has no deployments.");
  return found;
}

function withDeployment(written: Written, index: number, change: (one: WrittenDeployment) => WrittenDeployment) {
  const name = chosenName(written, index);
  return { ...written, deployments: { ...written.deployments, [name]: change(chosen(written, index)) } };
}

function withClass(
  written: Written,
  index: number,
  change: (stated: NonNullable<Written["dataClasses"][string]>) => Written["dataClasses"][string],
): Written {
  const names = Object.keys(written.dataClasses);
  const name = names[index % names.length] ?? "";
  const dataClasses = { ...written.dataClasses, [name]: change(written.dataClasses[name] ?? {}) };
  return { ...written, dataClasses };
}

/** Restricted from this class on: none behind it may say otherwise. */
function restricted(written: Written, index: number): Written {
  const names = Object.keys(written.dataClasses);
  const from = index % names.length;
  const dataClasses = Object.fromEntries(
    Object.entries(written.dataClasses).map(([name, stated], at) => [
      name,
      at < from ? stated : { ...stated, zone: "restricted" as const },
    ]),
  );
  return { ...written, dataClasses };
}

/** The same name in another place. */
function moved(deployment: WrittenDeployment): WrittenDeployment {
  if (deployment.provider === "bedrock") {
    const model = deployment.model.replace(/^(us|eu|apac|au|global)\./, "");
    return { ...deployment, model, region: deployment.region === "us-east-1" ? "eu-central-1" : "us-east-1" };
  }
  return keyed({ ...deployment, baseUrl: "https://moved.example.com/v1" });
}

/** Only a server of one's own goes without a key. */
function keyed(deployment: WrittenDeployment): WrittenDeployment {
  return deployment.provider === "bedrock" ? deployment : { ...deployment, secret: "switchyard/key" };
}

/** Not in the configuration any more, where every tier keeps another. */
function without(written: Written, index: number): Written {
  const gone = chosenName(written, index);
  const chainOf = (tier: keyof Written["tiers"]) => ({
    chain: written.tiers[tier].chain.filter((entry) => (typeof entry === "string" ? entry : entry.use) !== gone),
  });
  const left = { lightweight: chainOf("lightweight"), standard: chainOf("standard"), capable: chainOf("capable") };
  if (Object.values(left).some(({ chain }) => chain.length === 0)) return written;
  const { [gone]: _, ...deployments } = written.deployments;
  return { ...written, deployments, tiers: left };
}
