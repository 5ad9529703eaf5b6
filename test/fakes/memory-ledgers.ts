import { type Ledger, type LedgerId, ledgerTransition } from "../../lib/core/budgets/ledger.ts";
import type { LedgerStore } from "../../lib/core/ports.ts";

/** The ledgers that `ledgerTransition` defines, in memory; `items` is what they hold, by period and name. */
export function memoryLedgers(): LedgerStore & { items: Map<string, Ledger> } {
  const items = new Map<string, Ledger>();
  const keyOf = ({ period, name }: LedgerId) => `${period} ${name}`;
  const at = (id: LedgerId) => structuredClone(items.get(keyOf(id)));
  return {
    items,
    async apply(id, event) {
      const after = ledgerTransition(items.get(keyOf(id)), event);
      if (after !== undefined) items.set(keyOf(id), after);
      return { applied: after !== undefined, ledger: at(id) };
    },
    async read(ids) {
      return ids.map(at);
    },
    async list(period) {
      return [...items].flatMap(([key, ledger]) =>
        key.startsWith(`${period} `)
          ? [{ id: { period, name: key.slice(period.length + 1) }, ledger: structuredClone(ledger) }]
          : [],
      );
    },
  };
}
