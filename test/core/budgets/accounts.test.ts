import { describe, expect, it } from "vitest";
import { type Account, accountsOf, recentPeriods, type Spender } from "../../../lib/core/budgets/accounts.ts";
import { periodOf } from "../../../lib/core/budgets/period.ts";
import type { Budget } from "../../../lib/core/configuration/document.ts";

const nowMs = Date.UTC(2028, 1, 29, 23, 30);
const all = { limitNanoUsd: 900, per: "day", over: "fail" } as const;

describe("a period", () => {
  it.each([
    ["day", Date.UTC(2028, 1, 29, 23, 59, 59, 999), "2028-02-29", Date.UTC(2028, 2, 1)],
    ["day", Date.UTC(2028, 2, 1), "2028-03-01", Date.UTC(2028, 2, 2)],
    ["month", Date.UTC(2028, 1, 1), "2028-02", Date.UTC(2028, 2, 1)],
    ["month", Date.UTC(2027, 11, 31, 23, 59), "2027-12", Date.UTC(2028, 0, 1)],
  ] as const)("is the %s of UTC: %d", (per, ms, name, endsAtMs) => {
    expect(periodOf(per, ms)).toEqual({ name, endsAtMs });
  });

  it("is looked for in this day and month, and those of a day ago", () => {
    expect(recentPeriods(Date.UTC(2028, 2, 1, 0, 10))).toEqual(["2028-03-01", "2028-03", "2028-02-29", "2028-02"]);
    expect(recentPeriods(nowMs)).toEqual(["2028-02-29", "2028-02", "2028-02-28"]);
  });
});

describe("the budgets that hold for a shard", () => {
  const named = (budgets: Record<string, Budget>, spender: Partial<Spender>): string[] =>
    accountsOf(budgets, { deployment: "a", ...spender }, "us-east-1", nowMs).map(
      ({ ledger }: Account) => `${ledger.period} ${ledger.name}`,
    );

  it.each<[string, Budget, Partial<Spender>, string[]]>([
    ["everything", all, {}, ["2028-02-29 x"]],
    ["everything of a month", { ...all, per: "month" }, {}, ["2028-02 x"]],
    ["its deployment", { ...all, deployment: "a" }, {}, ["2028-02-29 x"]],
    ["another deployment", { ...all, deployment: "b" }, {}, []],
    ["its tenant", { ...all, tenant: "acme" }, { tenant: "acme" }, ["2028-02-29 x"]],
    ["another tenant", { ...all, tenant: "acme" }, { tenant: "other" }, []],
    ["a tenant, and it has none", { ...all, tenant: "acme" }, {}, []],
    ["each tenant", { ...all, tenant: "*" }, { tenant: "acme" }, ["2028-02-29 x#acme"]],
    ["each tenant, and it has none", { ...all, tenant: "*" }, {}, []],
    ["its tenant on another deployment", { ...all, tenant: "acme", deployment: "b" }, { tenant: "acme" }, []],
    ["each batch", { ...all, per: "batch" }, { batch: "b-1" }, ["batch#b-1 x"]],
    ["each batch, and it is of none", { ...all, per: "batch" }, {}, []],
  ])("are those of %s", (_, budget, spender, expected) => {
    expect(named({ x: budget }, spender)).toEqual(expected);
  });

  it("include a batch's own limit, without any configuration", () => {
    const spender = { deployment: "a", batch: "b-1", maxCostNanoUsd: 7 };

    expect(accountsOf(undefined, spender, "us-east-1", nowMs)).toEqual([
      {
        budget: "maxCostUsd",
        ledger: { period: "batch#b-1", name: "maxCostUsd" },
        limitNanoUsd: 7,
        over: "fail",
        per: "batch",
      },
    ]);
    expect(accountsOf(undefined, { ...spender, batch: undefined }, "us-east-1", nowMs)).toEqual([]);
  });

  it("are asked strictest first, so that who is over two meets the stricter one", () => {
    const budgets = {
      a: { ...all, over: "cheaper" },
      b: { ...all, over: "wait" },
      z: { ...all, over: "fail" },
      y: { ...all, over: "fail" },
    } as const;

    expect(accountsOf(budgets, { deployment: "a" }, "us-east-1", nowMs).map(({ budget }) => budget)).toEqual([
      "y",
      "z",
      "b",
      "a",
    ]);
  });

  it("allow each stack its share, and one that is not configured any more the smallest", () => {
    const budgets = { x: { ...all, share: { "us-east-1": 0.5, "eu-central-1": 0.25 } } };
    const limits = ["us-east-1", "eu-central-1", "eu-west-1"].map((region) =>
      accountsOf(budgets, { deployment: "a" }, region, nowMs).map(({ limitNanoUsd }) => limitNanoUsd),
    );

    expect(limits).toEqual([[450], [225], [225]]);
  });
});
