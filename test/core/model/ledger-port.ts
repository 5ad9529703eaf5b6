import { ledgerName } from "../../../lib/core/budgets/accounts.ts";
import type { Ledger } from "../../../lib/core/budgets/ledger.ts";
import type { LedgerStore } from "../../../lib/core/ports.ts";
import { Interner } from "./interner.ts";
import type { AskStore } from "./ports.ts";
import type { Protocol } from "./protocol.ts";
import { withEntry } from "./stores.ts";

const applied = new Interner<{ applied: boolean; ledger: Ledger | null }>();
const read = new Interner<(Ledger | null)[]>();
const listed = new Interner<[string, Ledger][]>();

/** Ledgers that behave as the protocol says. */
export function ledgerPort(ask: AskStore, transition: Protocol["ledger"]): LedgerStore {
  return {
    async apply(id, event) {
      const name = ledgerName(id);
      const after = await ask("ledgers", `${name} ${JSON.stringify(event)}`, applied, (content) => {
        const ledger = transition(content[name], event);
        return ledger === undefined
          ? { answer: { applied: false, ledger: content[name] ?? null }, content }
          : { answer: { applied: true, ledger }, content: withEntry(content, name, ledger) };
      });
      return { applied: after.applied, ledger: after.ledger ?? undefined };
    },
    async read(ids) {
      const names = ids.map(ledgerName);
      const found = await ask("ledgers", `read ${names.join()}`, read, (content) => ({
        answer: names.map((name) => content[name] ?? null),
        content,
      }));
      return found.map((ledger) => ledger ?? undefined);
    },
    async list(period) {
      const found = await ask("ledgers", `list ${period}`, listed, (content) => ({
        answer: Object.entries(content).filter(([name]) => name.startsWith(`${period} `)),
        content,
      }));
      return found.map(([name, ledger]) => ({ id: { period, name: name.slice(period.length + 1) }, ledger }));
    },
  };
}
