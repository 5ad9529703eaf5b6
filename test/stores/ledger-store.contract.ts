import { describe, expect, it } from "vitest";
import { encodeHold } from "../../lib/core/budgets/ledger.ts";
import type { LedgerStore } from "../../lib/core/ports.ts";

const limitNanoUsd = 100;
const hold = (nanoUsd: number) => encodeHold({ nanoUsd, untilMs: 9_000 });
const reserve = (key: string, nanoUsd: number) =>
  ({ type: "reserve", holds: { [key]: hold(nanoUsd) }, limitNanoUsd }) as const;
const settle = (key: string, nanoUsd: number, costNanoUsd: number, uncertain = false) =>
  ({ type: "settle", ends: [{ key, hold: hold(nanoUsd), costNanoUsd, uncertain }] }) as const;

/** What the store of ledgers does; `unique` gives a period that nobody has used. */
export function ledgerStoreContract(newStore: () => LedgerStore, unique: () => string): void {
  const begun = async () => {
    const store = newStore();
    const id = { period: unique(), name: "all" };
    await store.apply(id, { type: "begin" });
    return { store, id };
  };

  describe("ledgers", () => {
    it("refuse everything before they were begun, and are begun once", async () => {
      const store = newStore();
      const id = { period: unique(), name: "all" };

      const early = await store.apply(id, reserve("k", 1));
      const first = await store.apply(id, { type: "begin" });
      await store.apply(id, reserve("k", 1));
      const second = await store.apply(id, { type: "begin" });

      expect(early).toEqual({ applied: false, ledger: undefined });
      expect(first).toMatchObject({ applied: true, ledger: { takenNanoUsd: 0, held: 0, open: {} } });
      expect(second).toMatchObject({ applied: false, ledger: { takenNanoUsd: 1, held: 1, open: { k: hold(1) } } });
    });

    it("reserve up to the limit and not beyond it", async () => {
      const { store, id } = await begun();

      const outcomes = [];
      for (const [key, nanoUsd] of [
        ["a", 60],
        ["b", 41],
        ["c", 40],
        ["d", 1],
      ] as const)
        outcomes.push((await store.apply(id, reserve(key, nanoUsd))).applied);

      expect(outcomes).toEqual([true, false, true, false]);
      expect(await store.read([id])).toEqual([
        { takenNanoUsd: 100, spentNanoUsd: 0, uncertainNanoUsd: 0, held: 2, open: { a: hold(60), c: hold(40) } },
      ]);
    });

    it("reserve for several all or nothing", async () => {
      const { store, id } = await begun();

      const both = await store.apply(id, { type: "reserve", holds: { a: hold(60), b: hold(41) }, limitNanoUsd });
      const fits = await store.apply(id, { type: "reserve", holds: { a: hold(60), b: hold(40) }, limitNanoUsd });

      expect(both).toMatchObject({ applied: false, ledger: { takenNanoUsd: 0, open: {} } });
      expect(fits).toMatchObject({ applied: true, ledger: { takenNanoUsd: 100, held: 2 } });
    });

    it("count a reservation once, and a settlement once", async () => {
      const { store, id } = await begun();

      await store.apply(id, reserve("a", 60));
      const again = await store.apply(id, reserve("a", 10));
      await store.apply(id, settle("a", 60, 25));
      const settledAgain = await store.apply(id, settle("a", 60, 25));
      const lateLoss = await store.apply(id, settle("a", 60, 60, true));

      expect([again.applied, settledAgain.applied, lateLoss.applied]).toEqual([false, false, false]);
      expect(lateLoss.ledger).toEqual({
        takenNanoUsd: 25,
        spentNanoUsd: 25,
        uncertainNanoUsd: 0,
        held: 0,
        open: {},
      });
    });

    it("keep what is uncertain apart, and what was overrun", async () => {
      const { store, id } = await begun();
      for (const key of ["a", "b"]) await store.apply(id, reserve(key, 50));

      await store.apply(id, settle("a", 50, 50, true));
      await store.apply(id, settle("b", 50, 70));

      expect(await store.read([id])).toEqual([
        { takenNanoUsd: 120, spentNanoUsd: 70, uncertainNanoUsd: 50, held: 0, open: {} },
      ]);
    });

    it("give what is left to one of many that ask at once", async () => {
      const { store, id } = await begun();

      const asked = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.apply(id, reserve(`k${index}`, 60))),
      );

      expect(asked.filter(({ applied }) => applied)).toHaveLength(1);
    });

    it("hold amounts of nine billion nano-dollars and more exactly", async () => {
      const { store, id } = await begun();
      const nanoUsd = 999_999_999_999_999;

      await store.apply(id, { ...reserve("a", nanoUsd), limitNanoUsd: nanoUsd });
      await store.apply(id, settle("a", nanoUsd, nanoUsd - 1));

      expect(await store.read([id])).toMatchObject([{ takenNanoUsd: nanoUsd - 1, spentNanoUsd: nanoUsd - 1 }]);
    });

    it("are read one by one, and listed by period", async () => {
      const { store, id } = await begun();
      const other = { ...id, name: "each#acme" };
      await store.apply(other, { type: "begin" });
      await store.apply({ ...id, period: `${id.period}x` }, { type: "begin" });

      const read = await store.read([other, { ...id, name: "none" }, id]);
      const listed = await store.list(id.period);

      expect(read.map((ledger) => ledger?.takenNanoUsd)).toEqual([0, undefined, 0]);
      expect(listed.map((entry) => entry.id).toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([id, other]);
      expect(listed[0]?.ledger).toEqual({
        takenNanoUsd: 0,
        spentNanoUsd: 0,
        uncertainNanoUsd: 0,
        held: 0,
        open: {},
      });
    });
  });
}
