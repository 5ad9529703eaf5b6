import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder, type OrderedJob } from "../../lib/core/order.ts";
import { deploymentOf } from "./policy-fixture.ts";

/** Dollars per million tokens of input and of output. */
function entry(name: string, inputPerMTok = 1, outputPerMTok = 1, weight = 1) {
  const price = [{ fromInputTokens: 0, inputPicoUsd: inputPerMTok * 1e6, outputPicoUsd: outputPerMTok * 1e6 }];
  return { deployment: deploymentOf({ name, price }), weight };
}
const job = (parts: Partial<OrderedJob> = {}): OrderedJob => ({
  id: "a",
  inputTokens: 100,
  maxOutputTokens: 0,
  latencyMs: () => undefined,
  ...parts,
});
const names = (entries: readonly { deployment: { name: string } }[]) =>
  entries.map(({ deployment }) => deployment.name);

describe("the order of a tier", () => {
  it("is the listed one", () => {
    const entries = [entry("dear", 9, 9), entry("cheap", 1, 1)];

    expect(names(inOrder("listed", entries, job({ latencyMs: () => 1 })))).toEqual(["dear", "cheap"]);
  });

  it.each([
    [
      "a long input with a short answer",
      { inputTokens: 20_000, maxOutputTokens: 10 },
      ["for-input", "even", "for-output"],
    ],
    ["a short input with an answer that nobody limits", { inputTokens: 50 }, ["for-output", "even", "for-input"]],
    [
      "a short input whose long answer is allowed and not usual",
      { inputTokens: 2000, maxOutputTokens: 9000 },
      ["for-input", "even", "for-output"],
    ],
  ])("cheapest goes by what the job itself would cost: %s", (_, parts, expected) => {
    const entries = [entry("even", 2, 9), entry("for-input", 1, 12), entry("for-output", 4, 1)];

    expect(names(inOrder("cheapest", entries, job(parts)))).toEqual(expected);
  });

  it("cheapest keeps the listed order of what costs the same", () => {
    expect(names(inOrder("cheapest", [entry("b"), entry("c"), entry("a")], job()))).toEqual(["b", "c", "a"]);
  });

  it("fastest goes by what was measured, and puts last what was not", () => {
    const measured: Record<string, number> = { slow: 900, quick: 200 };
    const latencyMs = (name: string) => measured[name];

    const order = inOrder("fastest", [entry("new"), entry("slow"), entry("quick")], job({ latencyMs }));

    expect(names(order)).toEqual(["quick", "slow", "new"]);
  });

  it("fastest has a few jobs try what was not measured, and is as listed while nothing was", () => {
    const entries = [entry("known"), entry("new")];
    const latencyMs = (name: string) => (name === "known" ? 100 : undefined);
    const heads = Array.from(
      { length: 5000 },
      (_, id) => names(inOrder("fastest", entries, job({ id: `job-${id}`, latencyMs })))[0],
    );

    const explored = heads.filter((name) => name === "new").length;
    expect(explored).toBeGreaterThan(50);
    expect(explored).toBeLessThan(150);
  });

  it("weighted spreads jobs as the weights say, and so what is left of them after the first", () => {
    const entries = [entry("a", 1, 1, 6), entry("b", 1, 1, 3), entry("c", 1, 1, 1)];
    const orders = Array.from({ length: 20_000 }, (_, id) =>
      names(inOrder("weighted", entries, job({ id: `job-${id}` }))),
    );

    const share = (name: string, of: string[][], at: number) =>
      of.filter((order) => order[at] === name).length / of.length;
    expect(share("a", orders, 0)).toBeCloseTo(0.6, 1);
    expect(share("b", orders, 0)).toBeCloseTo(0.3, 1);
    expect(share("c", orders, 0)).toBeCloseTo(0.1, 1);
    const afterA = orders.filter(([first]) => first === "a");
    expect(share("b", afterA, 1)).toBeCloseTo(0.75, 1);
  });

  it("is some order of the same entries, and the same for the same job", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("listed", "cheapest", "fastest", "weighted"),
        fc.uniqueArray(
          fc.record({ name: fc.string({ minLength: 1 }), price: fc.nat(9), weight: fc.integer({ min: 1, max: 9 }) }),
          {
            selector: ({ name }) => name,
            maxLength: 6,
          },
        ),
        fc.string(),
        fc.dictionary(fc.string(), fc.nat()),
        (order, parts, id, latencies) => {
          const entries = parts.map(({ name, price, weight }) => entry(name, price, price, weight));
          const one = job({ id, latencyMs: (name) => (Object.hasOwn(latencies, name) ? latencies[name] : undefined) });

          const ordered = names(inOrder(order, entries, one));

          expect(ordered.toSorted()).toEqual(names(entries).toSorted());
          expect(names(inOrder(order, entries, one))).toEqual(ordered);
        },
      ),
    );
  });
});
