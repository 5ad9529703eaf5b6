import { budgetOf, limitOf, recentPeriods } from "../budgets/accounts.ts";
import { decodeHold, type HoldEnd, type Ledger, type LedgerId, settledNanoUsd } from "../budgets/ledger.ts";
import type { Budget } from "../configuration/document.ts";
import type { Clock, LedgerStore } from "../ports.ts";
import { settleHolds } from "./settle-holds.ts";

export type SweepBudgetsDeps = {
  clock: Clock;
  ledgers: Pick<LedgerStore, "apply" | "list">;
  budgets: () => Readonly<Record<string, Budget>> | undefined;
  region: string;
  /** How much of a budget's day or month is settled, in percent: where each tenant has one, of whom has used most. */
  onUsed: (budget: string, percent: number) => void;
};

/**
 * How long after its worker's lease a reservation is given up, milliseconds. The shard's next owner comes much sooner and
 * may know what was spent; this is for those that have none.
 */
const givenUpAfterMs = 30 * 60_000;
const endsAtOnce = 50;

/** Settles what lost workers reserved of days and months and no later owner settled; gives how many it settled. */
export async function sweepBudgets(deps: SweepBudgetsDeps): Promise<number> {
  const budgets = deps.budgets() ?? {};
  if (Object.values(budgets).every(({ per }) => per === "batch")) return 0;
  const nowMs = deps.clock();
  const used = new Map<string, number>();
  let settled = 0;
  let failure: unknown;
  for (const [index, period] of recentPeriods(nowMs).entries())
    for (const { id, ledger } of await deps.ledgers.list(period)) {
      try {
        settled += await giveUp(id, ledger, nowMs, deps);
      } catch (error) {
        // The others are looked at first.
        failure ??= error;
      }
      const name = budgetOf(id);
      const budget = budgets[name];
      // The first two are the day and the month of now.
      if (budget === undefined || index > 1) continue;
      const percent = (100 * settledNanoUsd(ledger)) / limitOf(budget, deps.region);
      used.set(name, Math.max(used.get(name) ?? 0, percent));
    }
  for (const [name, percent] of used) deps.onUsed(name, percent);
  if (failure !== undefined) throw failure;
  return settled;
}

/** The same of a batch's budgets. */
export async function sweepLedgers(period: string, deps: Pick<SweepBudgetsDeps, "clock" | "ledgers">): Promise<number> {
  let settled = 0;
  for (const { id, ledger } of await deps.ledgers.list(period)) settled += await giveUp(id, ledger, deps.clock(), deps);
  return settled;
}

async function giveUp(
  id: LedgerId,
  { open }: Ledger,
  nowMs: number,
  { ledgers }: Pick<SweepBudgetsDeps, "ledgers">,
): Promise<number> {
  const ends = Object.entries(open).flatMap(([key, hold]): HoldEnd[] => {
    const { nanoUsd, untilMs } = decodeHold(hold);
    return untilMs + givenUpAfterMs < nowMs ? [{ key, hold, costNanoUsd: nanoUsd, uncertain: true }] : [];
  });
  let settled = 0;
  // One update must not grow with how many there are.
  for (let from = 0; from < ends.length; from += endsAtOnce)
    settled += await settleHolds(ledgers, id, ends.slice(from, from + endsAtOnce));
  return settled;
}
