import { describe, expect, it } from "vitest";
import { createProcessBudget } from "../../../lib/local/lambda/process-budget.ts";

function pool(size: number, idle = false) {
  return {
    held: size,
    evicted: 0,
    size() {
      return this.held;
    },
    hasIdle: () => idle,
    evict() {
      this.held -= 1;
      this.evicted += 1;
    },
  };
}

describe("createProcessBudget", () => {
  it("always allows a function's first process, and no more than the limit beyond", () => {
    const budget = createProcessBudget(1, 1);
    const [none, one, two] = [pool(0), pool(1), pool(2)];
    for (const each of [none, one]) budget.register(each);

    expect([budget.makeRoom(none), budget.makeRoom(one)]).toEqual([true, true]);
    budget.register(two);
    expect([budget.makeRoom(none), budget.makeRoom(one)]).toEqual([true, false]);
  });

  it("takes an idle process of another function when the limit is reached, but never its last", () => {
    const budget = createProcessBudget(1, 1);
    const [busy, last, spare] = [pool(1), pool(1, true), pool(2, true)];
    for (const each of [busy, last, spare]) budget.register(each);

    expect(budget.hasRoom(busy)).toBe(true);
    expect(spare.evicted).toBe(0);
    expect(budget.makeRoom(busy)).toBe(true);
    expect([last.evicted, spare.evicted]).toEqual([0, 1]);
  });

  it("starts no more at a time than it is told, and in order", async () => {
    const budget = createProcessBudget(10, 2);
    const begun: number[] = [];
    const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
    const starts = gates.map((gate, index) =>
      budget.starting(async () => {
        begun.push(index);
        await gate.promise;
      }),
    );

    await Promise.resolve();
    expect(begun).toEqual([0, 1]);
    gates[1]?.resolve();
    await starts[1];
    await Promise.resolve();
    expect(begun).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    await Promise.all(starts);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it("tells all who wait of the next change, and of no earlier one", async () => {
    const budget = createProcessBudget(1, 1);
    const told: string[] = [];
    budget.changed();
    const waiting = ["first", "second"].map((name) => budget.nextChange().then(() => told.push(name)));

    await Promise.resolve();
    expect(told).toEqual([]);
    budget.changed();
    await Promise.all(waiting);
    expect(told).toEqual(["first", "second"]);
  });
});
