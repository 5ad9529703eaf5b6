import { type Account, batchPeriod, budgetOf, everyTenant, limitOf, ownLimit } from "../../core/budgets/accounts.ts";
import type { Ledger, LedgerId } from "../../core/budgets/ledger.ts";
import { periodOf } from "../../core/budgets/period.ts";
import type { Policy } from "../../core/configuration/document.ts";
import type { LedgerStore } from "../../core/ports.ts";
import type { Batch } from "../../core/protocol/batch.ts";
import { usdOfNano } from "../format.ts";

/** One budget in one period, as people read it. Amounts are dollars, and those of this stack alone. */
export type BudgetRow = {
  budget: string;
  /** The day, the month, or the batch. */
  period: string;
  per: Account["per"];
  deployment: string | null;
  tenant: string | null;
  limitUsd: number;
  spentUsd: number;
  reservedUsd: number;
  /** Reserved by workers that were lost, and counted as spent. */
  uncertainUsd: number;
  leftUsd: number;
  over: Account["over"];
  resetsAt: string | null;
};

/** What is left of every budget of a policy now, and of the budgets of some batches. */
export async function budgetRows(
  { budgets = {} }: Pick<Policy, "budgets">,
  batches: readonly Batch[],
  at: { region: string; nowMs: number; ledgers: Pick<LedgerStore, "list"> },
): Promise<BudgetRow[]> {
  const rows: BudgetRow[] = [];
  for (const per of ["day", "month"] as const) {
    const named = Object.entries(budgets).filter(([, budget]) => budget.per === per);
    if (named.length === 0) continue;
    const period = periodOf(per, at.nowMs);
    const listed = await at.ledgers.list(period.name);
    for (const [name, budget] of named) {
      const own = listed.filter(({ id }) => budgetOf(id) === name).toSorted((a, b) => (a.id.name < b.id.name ? -1 : 1));
      const found = own.length > 0 ? own : [{ id: { period: period.name, name }, ledger: unused }];
      for (const { id, ledger } of found)
        rows.push({
          ...rowOf(name, id, ledger, limitOf(budget, at.region)),
          per,
          deployment: budget.deployment ?? null,
          tenant: budget.tenant === everyTenant ? (tenantIn(id) ?? everyTenant) : (budget.tenant ?? null),
          over: budget.over,
          resetsAt: new Date(period.endsAtMs).toISOString(),
        });
    }
  }
  for (const { id: batch, maxCostNanoUsd } of batches) {
    const period = batchPeriod(batch);
    const listed = await at.ledgers.list(period);
    const isListed = maxCostNanoUsd === undefined || listed.some(({ id }) => budgetOf(id) === ownLimit);
    const found = isListed ? listed : [...listed, { id: { period, name: ownLimit }, ledger: unused }];
    for (const { id, ledger } of found) {
      const name = budgetOf(id);
      const budget = name === ownLimit ? { limitNanoUsd: maxCostNanoUsd ?? 0, over: "fail" as const } : budgets[name];
      if (budget === undefined) continue;
      const { deployment = null, tenant = null } = { deployment: undefined, tenant: undefined, ...budget };
      rows.push({
        ...rowOf(name, id, ledger, budget.limitNanoUsd),
        period: batch,
        per: "batch",
        deployment,
        tenant: tenantIn(id) ?? tenant,
        over: budget.over,
        resetsAt: null,
      });
    }
  }
  return rows;
}

const unused: Ledger = { takenNanoUsd: 0, spentNanoUsd: 0, uncertainNanoUsd: 0, held: 0, open: {} };

function tenantIn({ name }: LedgerId): string | undefined {
  const at = name.indexOf("#");
  return at < 0 ? undefined : name.slice(at + 1);
}

function rowOf(budget: string, id: LedgerId, ledger: Ledger, limitNanoUsd: number) {
  const { takenNanoUsd, spentNanoUsd, uncertainNanoUsd } = ledger;
  return {
    budget,
    period: id.period,
    limitUsd: usdOfNano(limitNanoUsd),
    spentUsd: usdOfNano(spentNanoUsd),
    reservedUsd: usdOfNano(takenNanoUsd - spentNanoUsd - uncertainNanoUsd),
    uncertainUsd: usdOfNano(uncertainNanoUsd),
    leftUsd: usdOfNano(Math.max(0, limitNanoUsd - takenNanoUsd)),
  };
}
