import { describe, expect, it } from "vitest";
import { comparePolicies } from "../../../lib/core/configuration/compare-policies.ts";
import type { Policy } from "../../../lib/core/configuration/document.ts";
import { policyDocument } from "../../fakes/policy-document.ts";

const { policy: base } = policyDocument("base");
const lite = base.deployments["nova-lite"];
if (lite === undefined) throw new Error("The fixture has no nova-lite.");
const withLite = (parts: Partial<typeof lite>): Policy => ({
  ...base,
  deployments: { "nova-lite": { ...lite, ...parts } },
});
type Rule = Policy["routing"]["rules"][number];
const rule: Rule = { name: "long", when: "inputTokens > 10", tier: "capable" };

describe("the difference of two policies", () => {
  it("is nothing between a default that is written and one that is not", () => {
    expect(comparePolicies({ ...base, network: "open" }, base)).toEqual([]);
  });

  it("is nothing where they are the same", () => {
    expect(comparePolicies(base, structuredClone(base))).toEqual([]);
  });

  it.each<[string, Policy, string, string | undefined, string | undefined]>([
    ["a time-out", withLite({ timeoutSeconds: 45 }), "deployments.nova-lite.timeoutSeconds", "30", "45"],
    [
      "a price",
      withLite({ price: [{ fromInputTokens: 0, inputPicoUsd: 80_000, outputPicoUsd: 240_000 }] }),
      "deployments.nova-lite.price",
      "$0.06 in, $0.24 out per million tokens",
      "$0.08 in, $0.24 out per million tokens",
    ],
    ["concurrency", withLite({ concurrency: 8 }), "deployments.nova-lite.limits.concurrency", "4", "8"],
    ["a fact", withLite({ facts: {} }), "deployments.nova-lite.facts.trainsOnData", "false", undefined],
    [
      "a fact's evidence",
      withLite({ evidence: { baa: { until: "2027-01-31", untilMs: 1 } } }),
      "deployments.nova-lite.evidence.baa.until",
      undefined,
      "2027-01-31",
    ],
    [
      "a chain",
      { ...base, tiers: { ...base.tiers, capable: [{ use: "nova-lite", when: "turns > 1", weight: 2 }] } },
      "tiers.capable.chain",
      "nova-lite",
      "nova-lite × 2 when turns > 1",
    ],
    ["an order", { ...base, orders: { standard: "cheapest" } }, "tiers.standard.order", undefined, "cheapest"],
    ["the deadline", { ...base, deadlineSeconds: 5400 }, "deadline", "1d", "90m"],
    ["a network", { ...base, network: "isolated" }, "network", "open", "isolated"],
  ])("names the place of %s, and what was and is there", (_, after, path, old, now) => {
    expect(comparePolicies(base, after)).toEqual([{ path, before: old, after: now }]);
  });

  it("names a rule by its name, not by its place in the list", () => {
    const rules = (...list: Rule[]): Policy => ({ ...base, routing: { ...base.routing, rules: list } });
    const other = { ...rule, name: "short" };

    const changes = comparePolicies(rules(rule), rules(other, rule));

    expect(changes).toEqual([
      { path: "routing.rules", before: "long", after: "short, long" },
      { path: "routing.rules.short.when", before: undefined, after: "inputTokens > 10" },
      { path: "routing.rules.short.tier", before: undefined, after: "capable" },
    ]);
  });

  it("lists what is gone", () => {
    const [first] = comparePolicies({ ...base, aliases: { "gpt-4o": "capable" } }, base);

    expect(first).toEqual({ path: "aliases.gpt-4o", before: "capable", after: undefined });
  });
});
