import { tiers } from "../names.ts";
import { strategyNames } from "../strategies/registry.ts";
import { unknownClass } from "./check-detection.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Strategies that the design names and this version does not have. */
const strategiesNotYet = ["semantic", "learned"];

/** Checks that every name resolves and means one thing. */
export function checkNames(input: ConfigurationInput, report: Report): void {
  const deployments = Object.keys(input.deployments);
  const dataClasses = Object.keys(input.dataClasses);
  const reserved: readonly string[] = ["auto", ...tiers];

  // What a job may write as its model: a tier, an alias or a deployment. None may be two of these.
  for (const name of deployments)
    if (reserved.includes(name))
      report(["deployments", name], `"${name}" is ${meaning(name)} already; choose another name.`);
  for (const name of Object.keys(input.aliases)) {
    if (reserved.includes(name))
      report(["aliases", name], `"${name}" is ${meaning(name)} already; an alias cannot change that.`);
    else if (deployments.includes(name))
      report(["aliases", name], `"${name}" is a deployment already; a name must mean one thing.`);
  }

  for (const tier of tiers) {
    const seen = new Set<string>();
    const { chain, order } = input.tiers[tier];
    for (const [index, { use, weight }] of chain.entries()) {
      const at = ["tiers", tier, "chain", index];
      if (!deployments.includes(use)) report(at, unknown("deployment", use, deployments));
      else if (seen.has(use)) report(at, `${use} is in this chain already; each deployment is tried once a round.`);
      seen.add(use);
      if (weight !== undefined && order !== "weighted")
        report(
          [...at, "weight"],
          `a weight counts in the order weighted only, and this tier's is ${order}; remove it.`,
        );
    }
  }

  if (!dataClasses.includes(input.untagged)) report(["untagged"], unknownClass(input.untagged, dataClasses));

  const rules = new Set<string>();
  for (const [index, { name }] of input.routing.rules.entries()) {
    if (rules.has(name)) report(["routing", "rules", index, "name"], `there is a rule "${name}" already.`);
    rules.add(name);
  }
  const strategies = new Set<string>();
  for (const [index, name] of input.routing.then.entries()) {
    const at = ["routing", "then", index];
    if (strategiesNotYet.includes(name)) report(at, `the strategy "${name}" is not available yet; remove it.`);
    else if (!strategyNames.includes(name)) report(at, unknown("strategy", name, strategyNames));
    else if (strategies.has(name)) report(at, `the strategy "${name}" is asked already.`);
    strategies.add(name);
  }
  for (const [index, region] of input.regions.entries())
    if (input.regions.indexOf(region) !== index) report(["regions", index], `${region} is listed already.`);
}

function meaning(name: string): string {
  return name === "auto" ? "the model that leaves the choice open" : "a tier";
}

function unknown(what: string, name: string, known: readonly string[]): string {
  return `unknown ${what} "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}.`;
}
