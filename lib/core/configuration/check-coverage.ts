import { eligibility, type Limits } from "../eligibility.ts";
import { tiers } from "../names.ts";
import type { DataClass, Deployment, Policy, TierEntry } from "./document.ts";
import type { Report } from "./problem.ts";

/**
 * Checks that jobs have somewhere to go. An error: a data class without an eligible deployment in some tier, unless it
 * says `quarantine: true`. A warning: a combination of class, residency and home region without one, a residency that
 * no stack may take, and a deployment in no tier. Entries with `when` do not count: they may be left out.
 */
export function checkCoverage(policy: Policy, nowMs: number, error: Report, warning: Report): void {
  for (const dataClass of policy.dataClasses) {
    const tagged = { dataClass, residency: undefined, needs: { capabilities: [] }, nowMs, redactable: true };
    const empty = emptyTiers(policy, tagged);
    if (empty.length > 0 && !dataClass.quarantine)
      error(
        ["dataClasses", dataClass.name],
        `no deployment of ${list(empty)} may see the class ${dataClass.name} (${why(policy, empty[0], tagged)}); add one that may, without a when, or say quarantine: true.`,
      );
    if (empty.length === 0) checkResidencies(dataClass);
  }
  for (const [name, { regions }] of Object.entries(policy.residencies))
    if (!policy.regions.some((region) => regions.includes(region)))
      warning(
        ["residencies", name],
        `no stack may take jobs with the residency ${name}: none of ${list(policy.regions)} is in its regions.`,
      );
  const used = new Set(tiers.flatMap((tier) => policy.tiers[tier].map(({ use }) => use)));
  for (const name of Object.keys(policy.deployments))
    if (!used.has(name)) warning(["deployments", name], `${name} is in no tier: no job can reach it.`);

  function checkResidencies(dataClass: DataClass): void {
    for (const [name, rule] of Object.entries(policy.residencies)) {
      const limits = { dataClass, residency: { name, rule }, needs: { capabilities: [] }, nowMs, redactable: true };
      const empty = emptyTiers(policy, limits);
      const homes = policy.regions.filter((region) => rule.regions.includes(region));
      if (empty.length > 0 && homes.length > 0)
        warning(
          ["residencies", name],
          `jobs of class ${dataClass.name} with residency ${name}, taken in at ${list(homes)}, have no deployment in ${list(empty)} (${why(policy, empty[0], limits)}).`,
        );
    }
  }
}

function emptyTiers(policy: Policy, limits: Limits): (keyof Policy["tiers"])[] {
  return tiers.filter((tier) => eligibility(always(policy, policy.tiers[tier]), limits).eligible.length === 0);
}

function why(policy: Policy, tier: keyof Policy["tiers"] | undefined, limits: Limits): string {
  if (tier === undefined) return "";
  const { rejected } = eligibility(always(policy, policy.tiers[tier]), limits);
  return rejected.map(({ deployment, reason }) => `${deployment}: ${reason}`).join("; ");
}

function always(policy: Policy, chain: readonly TierEntry[]): Deployment[] {
  return chain.flatMap(({ use, when }) => {
    const deployment = policy.deployments[use];
    return when === undefined && deployment !== undefined ? [deployment] : [];
  });
}

function list(names: readonly string[]): string {
  return names.join(", ");
}
