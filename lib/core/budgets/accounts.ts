import type { Budget } from "../configuration/document.ts";
import { dayMs } from "../day.ts";
import type { LedgerId } from "./ledger.ts";
import { periodOf } from "./period.ts";

/** Whose money a shard spends. */
export type Spender = {
  deployment: string;
  tenant?: string | undefined;
  /** Undefined for jobs queued singly. */
  batch?: string | undefined;
  /** What its batch may cost, as its owner said. */
  maxCostNanoUsd?: number | undefined;
};

/** A budget that holds for a shard, with the ledger of now. */
export type Account = {
  /** As people know it: its name in the configuration, or `maxCostUsd`. */
  budget: string;
  ledger: LedgerId;
  limitNanoUsd: number;
  /** It is this stack's share of the budget. */
  isShare?: true;
  over: Budget["over"];
  per: Budget["per"];
  /** When another period begins, Unix milliseconds; never for a batch. */
  resetsAtMs?: number;
};

/** The ledger of a batch's own limit; no budget of the configuration has this name. */
export const ownLimit = "maxCostUsd";

/** Strictest first: who is over two budgets meets what the stricter one says. */
const severity = { fail: 0, wait: 1, cheaper: 2 } as const;

/** The budgets that hold for a shard in one stack, in the order in which they are asked. */
export function accountsOf(
  budgets: Readonly<Record<string, Budget>> = {},
  spender: Spender,
  region: string,
  nowMs: number,
): Account[] {
  const { batch, maxCostNanoUsd } = spender;
  const accounts = Object.entries(budgets).flatMap(([name, budget]): Account[] => {
    const ledger = ledgerOf(name, budget, spender);
    if (ledger === undefined) return [];
    const { per, over } = budget;
    const shared = budget.share === undefined ? {} : ({ isShare: true } as const);
    const common = { budget: name, limitNanoUsd: limitOf(budget, region), ...shared, over, per };
    if (per === "batch")
      return batch === undefined ? [] : [{ ...common, ledger: { period: batchPeriod(batch), name: ledger } }];
    const period = periodOf(per, nowMs);
    return [{ ...common, ledger: { period: period.name, name: ledger }, resetsAtMs: period.endsAtMs }];
  });
  if (batch !== undefined && maxCostNanoUsd !== undefined)
    accounts.push({
      budget: ownLimit,
      ledger: { period: batchPeriod(batch), name: ownLimit },
      limitNanoUsd: maxCostNanoUsd,
      over: "fail",
      per: "batch",
    });
  return accounts.toSorted(strictestFirst);
}

/** The order in which budgets are asked, the same for every worker. */
export function strictestFirst(a: Account, b: Account): number {
  return severity[a.over] - severity[b.over] || (a.budget < b.budget ? -1 : 1);
}

export function ledgerName({ period, name }: LedgerId): string {
  return `${period} ${name}`;
}

/** What one stack may spend: budgets are divided among the stacks, but a batch is in one. */
export function limitOf({ limitNanoUsd, share }: Budget, region: string): number {
  if (share === undefined) return limitNanoUsd;
  // A stack that the configuration has no more still has jobs to end.
  return Math.floor(limitNanoUsd * (share[region] ?? Math.min(...Object.values(share))));
}

/** The period of a batch's ledgers. */
export function batchPeriod(batch: string): string {
  return `batch#${batch}`;
}

/** The periods of days and months in which a reservation may lie that can be open now: one lasts minutes. */
export function recentPeriods(nowMs: number): string[] {
  const times = [nowMs, nowMs - dayMs];
  return [...new Set(times.flatMap((ms) => [periodOf("day", ms).name, periodOf("month", ms).name]))];
}

/** The budget's name in its ledgers' names. */
export function budgetOf({ name }: LedgerId): string {
  return name.split("#", 1)[0] ?? name;
}

/** Where each tenant has a ledger of its own, it is named after the tenant as well. */
function ledgerOf(name: string, budget: Budget, { deployment, tenant }: Spender): string | undefined {
  if (budget.deployment !== undefined && budget.deployment !== deployment) return undefined;
  if (budget.tenant === undefined) return name;
  if (budget.tenant === everyTenant) return tenant === undefined ? undefined : `${name}#${tenant}`;
  return budget.tenant === tenant ? name : undefined;
}

/** In place of a tenant's name: each tenant has the budget to itself. */
export const everyTenant = "*";
