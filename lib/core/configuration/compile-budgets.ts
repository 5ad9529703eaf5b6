import { everyTenant, ownLimit } from "../budgets/accounts.ts";
import { nanoUsdOf } from "../cost-limit.ts";
import { defined } from "../defined.ts";
import { checkShare, equalShares } from "./compile-limits.ts";
import type { Budget } from "./document.ts";
import { didYouMean } from "./nearest-name.ts";
import type { Report } from "./problem.ts";
import type { ConfigurationInput } from "./schema.ts";

/** The budgets with their names resolved and each stack's share; undefined where there are none. */
export function compileBudgets(input: ConfigurationInput, report: Report): Record<string, Budget> | undefined {
  const budgets = Object.entries(input.budgets);
  if (budgets.length === 0) return undefined;
  return Object.fromEntries(
    budgets.map(([name, { usd, share, ...stated }]) => {
      const at = ["budgets", name];
      const { deployment, tenant, per, over } = stated;
      if (name === ownLimit) report(at, `${ownLimit} is what a batch's own limit is called; choose another name.`);
      checkName("deployment", deployment, Object.keys(input.deployments), at, report);
      // Without tenants in the configuration a line's tenant is its own word, and may be any.
      const tenants = Object.keys(input.tenants);
      if (tenants.length > 0 && tenant !== everyTenant) checkName("tenant", tenant, tenants, at, report);
      if (per === "batch" && over === "wait")
        report([...at, "over"], "nothing comes back to what a batch may cost; write cheaper or fail.");
      if (per === "batch" && share !== undefined)
        report([...at, "share"], "a batch is in one stack and has its budget there; remove share.");
      const shares = per === "batch" ? undefined : (share ?? equalShares(input.regions));
      if (shares !== undefined) checkShare(shares, input.regions, [...at, "share"], report, "could spend nothing");
      const limitNanoUsd = Math.max(1, nanoUsdOf(usd));
      return [name, { limitNanoUsd, ...defined(stated), per, over, ...(shares !== undefined && { share: shares }) }];
    }),
  );
}

function checkName(
  what: "deployment" | "tenant",
  name: string | undefined,
  known: readonly string[],
  at: string[],
  report: Report,
): void {
  if (name === undefined || known.includes(name)) return;
  report([...at, what], `unknown ${what} "${name}"${didYouMean(name, known)}; there are ${known.join(", ")}.`);
}
