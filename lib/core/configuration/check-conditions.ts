import { tiers } from "../names.ts";
import { compileCondition } from "../rules.ts";
import type { Path, Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** Checks that every `when` compiles: a rule that could not be evaluated would be an error for every job. */
export function checkConditions(input: ConfigurationInput, report: Report): void {
  for (const [index, { when }] of input.routing.rules.entries()) check(["routing", "rules", index, "when"], when);
  for (const tier of tiers)
    for (const [index, { when }] of input.tiers[tier].chain.entries())
      if (when !== undefined) check(["tiers", tier, "chain", index, "when"], when);

  function check(path: Path, when: string): void {
    const compiled = compileCondition(when);
    if (compiled.kind === "invalid") report(path, compiled.message, compiled.offset);
  }
}
