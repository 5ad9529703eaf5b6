import { describe, expect, it } from "vitest";
import { comparePolicies } from "../../../lib/core/configuration/compare-policies.ts";
import { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { compileText, configuration, documentOf } from "../policy-fixture.ts";

const withBudgets = (text: string, more = "") => `${configuration}${more}budgets:\n${text}`;
const problemsOf = (text: string, more = "") => {
  const compiled = compileText(withBudgets(text, more));
  return compiled.kind === "invalid" ? compiled.problems : [];
};

describe("budgets", () => {
  it("compile to nano-dollars, with equal shares of the stacks unless others are given", () => {
    const { policy } = documentOf(
      withBudgets(`  a: { usd: 50, per: day, deployment: gpt, over: cheaper }
  b: { usd: 0.5, per: month, tenant: "*", over: wait, share: { us-east-1: 0.9, eu-central-1: 0.1 } }
  c: { usd: 7.25, per: batch, over: fail }
`),
    );

    expect(policy.budgets).toEqual({
      a: {
        limitNanoUsd: 50_000_000_000,
        per: "day",
        deployment: "gpt",
        over: "cheaper",
        share: { "us-east-1": 0.5, "eu-central-1": 0.5 },
      },
      b: {
        limitNanoUsd: 500_000_000,
        per: "month",
        tenant: "*",
        over: "wait",
        share: { "us-east-1": 0.9, "eu-central-1": 0.1 },
      },
      c: { limitNanoUsd: 7_250_000_000, per: "batch", over: "fail" },
    });
  });

  it("are not in a document that has none, which every older function reads", () => {
    const document = documentOf(configuration);

    expect(document.policy).not.toHaveProperty("budgets");
    expect(documentOf(`${configuration}budgets: {}\n`).version).toBe(document.version);
    expect(PolicyDocument.parse(document)).toEqual(document);
  });

  it.each<[string, string, string, RegExp]>([
    ["no amount", "  a: { per: day, over: fail }", "budgets.a.usd", /missing/],
    ["nothing to spend", "  a: { usd: 0, per: day, over: fail }", "budgets.a.usd", /^must be above 0\.$/],
    ["another period", "  a: { usd: 1, per: week, over: fail }", "budgets.a.per", /day, month or batch/],
    ["no word on what happens", "  a: { usd: 1, per: day }", "budgets.a.over", /cheaper, wait or fail/],
    ["a typo", "  a: { usd: 1, per: day, over: fail, tenants: x }", "budgets.a.tenants", /did you mean "tenant"/],
    ["an unknown deployment", "  a: { usd: 1, per: day, over: fail, deployment: gtp }", "budgets.a.deployment", /gpt/],
    ["a batch that waits", "  a: { usd: 1, per: batch, over: wait }", "budgets.a.over", /cheaper or fail/],
    [
      "a share of a batch",
      "  a: { usd: 1, per: batch, over: fail, share: { us-east-1: 1 } }",
      "budgets.a.share",
      /remove/,
    ],
    [
      "a stack without a share",
      "  a: { usd: 1, per: day, over: fail, share: { us-east-1: 1 } }",
      "budgets.a.share",
      /eu-central-1 a share too: a stack without one could spend nothing/,
    ],
    [
      "shares of more than all",
      "  a: { usd: 1, per: day, over: fail, share: { us-east-1: 1, eu-central-1: 1 } }",
      "budgets.a.share",
      /add up to 2/,
    ],
    [
      "the name of a batch's own limit",
      "  maxCostUsd: { usd: 1, per: day, over: fail }",
      "budgets.maxCostUsd",
      /another name/,
    ],
  ])("are refused with %s", (_, text, path, message) => {
    expect(problemsOf(`${text}\n`)).toContainEqual(
      expect.objectContaining({ path, message: expect.stringMatching(message) }),
    );
  });

  it("may name any tenant, unless tenants are configured", () => {
    const tenants = "tenants: { acme: { uploads: acme/ } }\n";
    const budget = (tenant: string) => `  a: { usd: 1, per: day, over: fail, tenant: ${tenant} }\n`;

    expect(problemsOf(budget("acne"))).toEqual([]);
    expect(problemsOf(budget("acme"), tenants)).toEqual([]);
    expect(problemsOf(budget('"*"'), tenants)).toEqual([]);
    expect(problemsOf(budget("acne"), tenants)).toContainEqual(
      expect.objectContaining({ path: "budgets.a.tenant", message: expect.stringMatching(/did you mean "acme"/) }),
    );
  });

  it("warn of deployments whose answers nobody limits", () => {
    const compiled = compileText(withBudgets("  a: { usd: 1, per: day, over: fail, deployment: gpt }\n"));

    expect(compiled.kind === "compiled" ? compiled.warnings : []).toContainEqual(
      expect.objectContaining({ path: "deployments.gpt", message: expect.stringMatching(/4096 tokens are reserved/) }),
    );
  });

  it("are compared in dollars", () => {
    const [before, after] = [1, 2.5].map(
      (usd) => documentOf(withBudgets(`  a: { usd: ${usd}, per: day, over: fail }\n`)).policy,
    );
    if (before === undefined || after === undefined) throw new Error("did not compile");

    expect(comparePolicies(before, after)).toEqual([{ path: "budgets.a.usd", before: "1", after: "2.5" }]);
  });
});
