import { describe, expect, it } from "vitest";
import { encodeHold, type Ledger, mostHeld } from "../../../lib/core/budgets/ledger.ts";
import { shareOut } from "../../../lib/core/budgets/share-out.ts";

const ledger = (takenNanoUsd: number, parts: Partial<Ledger> = {}): Ledger => ({
  takenNanoUsd,
  spentNanoUsd: takenNanoUsd,
  uncertainNanoUsd: 0,
  held: 0,
  open: {},
  ...parts,
});
const asks = (...amounts: [number, number][]) =>
  amounts.map(([nanoUsd, leastNanoUsd], index) => ({ key: `k${index}`, nanoUsd, leastNanoUsd }));

describe("what a budget has left", () => {
  it.each<[string, number, [number, number][], number[]]>([
    [
      "goes to all when there is enough",
      0,
      [
        [40, 2],
        [60, 2],
      ],
      [40, 60],
    ],
    [
      "goes to the first, and what is left to the next",
      30,
      [
        [40, 2],
        [60, 2],
      ],
      [40, 30],
    ],
    [
      "is nobody's when no job fits",
      99,
      [
        [40, 2],
        [60, 2],
      ],
      [0, 0],
    ],
    [
      "passes one by of which no job fits",
      95,
      [
        [40, 6],
        [60, 2],
      ],
      [0, 5],
    ],
    ["is nothing when it is overrun", 130, [[1, 1]], [0]],
  ])("%s", (_, taken, wanted, expected) => {
    expect(shareOut(ledger(taken), 100, asks(...wanted)).map(({ nanoUsd }) => nanoUsd)).toEqual(expected);
  });

  it("leaves a reservation that is there already as it is", () => {
    const open = { k1: encodeHold({ nanoUsd: 20, untilMs: 1000 }) };

    expect(shareOut(ledger(90, { held: 1, open }), 100, asks([10, 1], [50, 1]))).toEqual([
      { nanoUsd: 10, isOpen: false },
      { nanoUsd: 20, isOpen: true },
    ]);
  });

  it("is given to so many at once that the item stays small", () => {
    const given = shareOut(ledger(0, { held: mostHeld - 1 }), 100, asks([10, 1], [10, 1]));

    expect(given.map(({ nanoUsd }) => nanoUsd)).toEqual([10, 0]);
  });
});
