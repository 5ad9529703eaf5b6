import type { Policy } from "./configuration/document.ts";
import type { JobError } from "./failure.ts";
import { type Tier, tiers } from "./names.ts";
import { type Condition, type ConditionValues, compileCondition } from "./rules.ts";
import { clip } from "./sensitivity.ts";
import { strategiesOf } from "./strategies/registry.ts";
import type { StrategyInput } from "./strategies/strategy.ts";

/** What decided a job's tier. `head`: the deployment that the job named, first in its chain. */
export type Route =
  | { kind: "route"; tier: Tier; strategy: string; reason: string; head?: string }
  | { kind: "refused"; error: JobError };

/** `values` are made only if a condition asks for them. */
export type RouteInput = StrategyInput & { tier: Tier | undefined; model: string; values: () => ConditionValues };

/** Picks a tier, in the design's order: the job's own tier, its model, rules, strategies, the default. */
export function createRouter(policy: Policy): (input: RouteInput) => Route {
  const models = modelsOf(policy);
  const rules = policy.routing.rules.map((rule) => ({ ...rule, condition: conditionOf(rule.when) }));
  const strategies = strategiesOf(policy.routing.then);

  return (input) => {
    if (input.tier !== undefined) return route(input.tier, "tier", "the job names its tier");
    if (input.model !== "auto") {
      const named = models.get(input.model);
      if (named !== undefined) return named;
      if (policy.unknownModel === "error") return unknownModel(input.model, [...models.keys()]);
    }
    for (const { name, tier, condition } of rules) {
      const matches = condition(input.values());
      if (matches === undefined) return { kind: "refused", error: unevaluated(`rule ${name}`) };
      if (matches) return route(tier, "rule", `rule ${name}`);
    }
    for (const [name, strategy] of strategies) {
      const choice = strategy(input);
      if (choice !== undefined) return route(choice.tier, name, choice.reason);
    }
    return route(policy.routing.default, "default", "nothing else decided");
  };
}

/** A condition of a compiled policy. Throws when it does not compile: `compile` refuses such a policy. */
export function conditionOf(when: string): Condition {
  const compiled = compileCondition(when);
  if (compiled.kind === "invalid") throw new Error(`The condition ${when} does not compile: ${compiled.message}`);
  return compiled.condition;
}

/** The error of a job for which a condition cannot be evaluated: to skip it could widen the choice. */
export function unevaluated(what: string): JobError {
  const message = `The ${what} cannot be evaluated for this job; does it read a tag that the job does not have? Ask has(tags.name) first.`;
  return { code: "policy-denied", message };
}

/** What each model name decides. A deployment in several tiers is looked for from the lowest. */
function modelsOf(policy: Policy): Map<string, Route> {
  const models = new Map<string, Route>();
  for (const tier of tiers) models.set(tier, route(tier, "model", `the model ${tier} is a tier`));
  for (const [alias, tier] of Object.entries(policy.aliases))
    models.set(alias, route(tier, "model", `the model ${alias} is an alias`));
  for (const tier of tiers)
    for (const { use } of policy.tiers[tier])
      if (!models.has(use)) models.set(use, route(tier, "model", `the model ${use} is a deployment`, use));
  return models;
}

function route(tier: Tier, strategy: string, reason: string, head?: string): Route {
  return { kind: "route", tier, strategy, reason, ...(head !== undefined && { head }) };
}

function unknownModel(model: string, known: readonly string[]): Route {
  const message = `Unknown model "${clip(model)}"; allowed: auto, ${known.join(", ")}.`;
  return { kind: "refused", error: { code: "unknown-model", message } };
}
