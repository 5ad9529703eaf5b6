import { describe, expect, it } from "vitest";
import { Purse } from "../../../lib/core/budgets/purse.ts";

describe("a shard's purse", () => {
  it("lets as many jobs start as it can pay for, and others when they give back", async () => {
    const purse = new Purse(10);

    const first = await purse.take(6);
    const second = purse.take(6);
    purse.giveBack(6, 1);

    expect(first).toBe(true);
    expect(await second).toBe(true);
    expect(purse.spentNanoUsd).toBe(1);
  });

  it("has nothing for a job when nobody is left who could give back", async () => {
    const purse = new Purse(10);
    await purse.take(6);

    const waiting = [purse.take(8), purse.take(9)];
    purse.giveBack(6, 5);

    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(await purse.take(5)).toBe(true);
  });

  it("pays for everything where no budget holds", async () => {
    const purse = new Purse(Number.POSITIVE_INFINITY);

    expect(await purse.take(1e15)).toBe(true);
    purse.giveBack(1e15, 7);

    expect(purse.spentNanoUsd).toBe(7);
  });
});
