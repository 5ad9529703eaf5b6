import { beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../lib/cli/main.ts";
import { encodeHold } from "../../../lib/core/budgets/ledger.ts";
import { createBatchStore } from "../../../lib/stores/dynamodb/batch-store.ts";
import { createLedgerStore } from "../../../lib/stores/dynamodb/ledger-store.ts";
import { policyDocument } from "../../fakes/policy-document.ts";
import { fakeIo } from "../fake-io.ts";
import { stackInEmulators } from "../stack-in-emulators.ts";

const nowMs = Date.UTC(2026, 10, 23, 12);
const stack = stackInEmulators(() => nowMs);
const share = { "us-east-1": 0.5, "eu-central-1": 0.5 };
const batch = "b-1";

async function run(...args: string[]) {
  const io = fakeIo({ cwd: "/", env: {}, nowMs });
  return { code: await main([...args, ...stack().flags], io), io };
}

describe("budgets", () => {
  beforeAll(async () => {
    const { version, policy } = policyDocument("v1");
    await stack().deploy({ version, policy }, 1);
  });

  it("says that there is none", async () => {
    const { code, io } = await run("budgets");

    expect(code).toBe(0);
    expect(io.out()).toMatch(/^There is no budget/);
  });

  it("shows what is spent, reserved and left of each, in this stack and period, and in batches that run", async () => {
    const { policy } = policyDocument("v2");
    const budgets = {
      all: { limitNanoUsd: 20e9, per: "month", over: "wait", share },
      each: { limitNanoUsd: 4e9, per: "day", tenant: "*", over: "fail", share },
      idle: { limitNanoUsd: 1e9, per: "day", deployment: "nova-lite", over: "cheaper", share },
    } as const;
    await stack().deploy({ version: "v2", policy: { ...policy, budgets } }, 2);
    const table = { client: stack().emulators.dynamodb, name: stack().emulators.table, clock: () => nowMs };
    const ledgers = createLedgerStore(table);
    const hold = encodeHold({ nanoUsd: 3e9, untilMs: nowMs });
    const spent = encodeHold({ nanoUsd: 5e9, untilMs: nowMs });
    const lost = encodeHold({ nanoUsd: 1e9, untilMs: nowMs });
    const id = { period: "2026-11", name: "all" };
    await ledgers.apply(id, { type: "begin" });
    await ledgers.apply(id, { type: "reserve", holds: { a: hold, b: spent, c: lost }, limitNanoUsd: 10e9 });
    await ledgers.apply(id, {
      type: "settle",
      ends: [
        { key: "b", hold: spent, costNanoUsd: 2e9, uncertain: false },
        { key: "c", hold: lost, costNanoUsd: 1e9, uncertain: true },
      ],
    });
    await ledgers.apply({ period: "2026-11-23", name: "each#acme" }, { type: "begin" });
    await ledgers.apply({ period: `batch#${batch}`, name: "maxCostUsd" }, { type: "begin" });
    const batches = createBatchStore(table);
    await batches.apply(batch, {
      type: "create",
      batch: {
        id: batch,
        key: "uploads/x.jsonl",
        etag: "e",
        bytes: 1,
        policy: "v2",
        acceptedAtMs: nowMs,
        deadlineMs: nowMs,
        defaults: {},
        maxCostNanoUsd: 2.5e9,
      },
    });
    await batches.apply(batch, { type: "planned", chunks: 1, lines: 1, blankLines: 0 });

    const [listed, shown, status] = [
      await run("budgets", "--json"),
      await run("budgets"),
      await run("status", batch, "--json"),
    ];

    const row = { deployment: null, tenant: null, spentUsd: 0, reservedUsd: 0, uncertainUsd: 0 };
    const day = { period: "2026-11-23", per: "day", resetsAt: "2026-11-24T00:00:00.000Z" };
    expect([listed.code, shown.code, status.code]).toEqual([0, 0, 0]);
    expect(listed.io.json()).toEqual({
      budgets: [
        { ...row, ...day, budget: "each", tenant: "acme", limitUsd: 2, leftUsd: 2, over: "fail" },
        { ...row, ...day, budget: "idle", deployment: "nova-lite", limitUsd: 0.5, leftUsd: 0.5, over: "cheaper" },
        {
          ...row,
          budget: "all",
          period: "2026-11",
          per: "month",
          resetsAt: "2026-12-01T00:00:00.000Z",
          limitUsd: 10,
          spentUsd: 2,
          reservedUsd: 3,
          uncertainUsd: 1,
          leftUsd: 4,
          over: "wait",
        },
        {
          ...row,
          budget: "maxCostUsd",
          period: batch,
          per: "batch",
          resetsAt: null,
          limitUsd: 2.5,
          leftUsd: 2.5,
          over: "fail",
        },
      ],
    });
    expect(shown.io.out().replaceAll(/[ │]+/g, " ")).toContain(
      " all all 2026-11 $10.00 $2.00 $1.00 $3.00 $4.00 30.0 % wait 2026-12-01 00:00:00 ",
    );
    expect(status.io.json()).toMatchObject({ maxCostUsd: 2.5 });
  });
});

describe("--max-cost-usd", () => {
  it.each(["0", "-3", "1e3", "lots"])("is refused when it is no amount: %s", async (text) => {
    const { code, io } = await run("submit", "examples/tickets.jsonl", `--max-cost-usd=${text}`);

    expect(code).toBe(2);
    expect(io.err()).toMatch(/is not an amount of dollars; write a number above 0, such as 12\.50/);
  });
});
