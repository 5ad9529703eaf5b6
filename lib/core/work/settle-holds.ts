import type { HoldEnd, LedgerId } from "../budgets/ledger.ts";
import type { LedgerStore } from "../ports.ts";

/** Each refusal shows that somebody else settled some of them: there are fewer the next time. */
const tries = 20;

/** Ends reservations in one ledger, those of them that are still open as they were seen; gives how many it ended. */
export async function settleHolds(
  store: Pick<LedgerStore, "apply">,
  id: LedgerId,
  ends: readonly HoldEnd[],
): Promise<number> {
  let open = ends;
  for (let tried = 0; tried < tries && open.length > 0; tried++) {
    const { applied, ledger } = await store.apply(id, { type: "settle", ends: open });
    if (applied) return open.length;
    open = open.filter(({ key, hold }) => ledger?.open[key] === hold);
  }
  if (open.length > 0) throw new Error(`The budget ${id.name} could not be settled; it can be repeated.`);
  return 0;
}
