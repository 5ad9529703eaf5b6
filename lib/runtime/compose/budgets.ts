import { Budgets } from "../../core/work/budgets.ts";
import { createLedgerStore } from "../../stores/dynamodb/ledger-store.ts";
import { sha256 } from "../ids.ts";
import type { Basics } from "./basics.ts";

/** What a worker reserves from and settles with; shared with all workers of the stack. */
export function composeBudgets({ clock, policies, table }: Basics, region: string, leaseMs: number): Budgets {
  return new Budgets({
    clock,
    hash: sha256,
    store: createLedgerStore(table),
    budgets: () => policies.latest().policy.budgets,
    region,
    leaseMs,
  });
}
