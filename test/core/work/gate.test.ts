import { describe, expect, it } from "vitest";
import type { Rates } from "../../../lib/core/limits/rates.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { RateLimits } from "../../../lib/core/work/rate-limits.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { memoryLimits } from "../../fakes/memory-limits.ts";
import { chainOf } from "./simple-router.ts";

const call = { deployment: "a", tokens: 10, probeForMs: 30_000, byMs: Number.POSITIVE_INFINITY };

function setUp(rates?: Rates) {
  const time = { nowMs: 1_000_000 };
  const cooldowns = memoryCooldowns();
  const sleep = async (ms: number) => {
    time.nowMs += ms;
  };
  const policy = () => chainOf("a").policy.cooldown;
  const clock = () => time.nowMs;
  const store = memoryLimits();
  const worker = () => {
    const limits = new RateLimits({ clock, sleep, random: () => 0, store, rates: () => rates });
    return new Gate({ clock, sleep, cooldowns, limits, policy, concurrency: () => 10 });
  };
  return { time, cooldowns, store, worker };
}

async function fail(gate: Gate, times: number): Promise<void> {
  for (let at = 0; at < times; at++) await gate.report("a", { kind: "call" }, "overloaded");
}

describe("the gate before a deployment", () => {
  it("shuts for every worker after the first failures", async () => {
    const { worker, time } = setUp();
    const first = worker();
    await fail(first, 3);

    expect(await first.enter(call)).toMatchObject({ kind: "cooling", untilMs: time.nowMs + 5000 });
    expect(await worker().enter(call)).toMatchObject({ kind: "cooling" });
  });

  it("takes nothing of a tenant's limit for a deployment that rests", async () => {
    const { worker, store } = setUp({ requestMs: 1000 });
    const gate = worker();
    await fail(gate, 3);
    const before = new Map(store.items);

    const entry = await gate.enter({ ...call, tenant: "acme" });

    expect(entry.kind).toBe("cooling");
    expect(store.items).toEqual(before);
  });

  it("lets one probe of all workers through when the rest is over", async () => {
    const { worker, time } = setUp();
    const [one, other] = [worker(), worker()];
    await fail(one, 3);
    time.nowMs += 5001;

    const entries = [await one.enter(call), await other.enter(call)];

    expect(entries.map(({ kind }) => kind)).toEqual(["call", "cooling"]);
  });

  it("makes the others of the probe's own worker wait for its outcome", async () => {
    const { worker, time } = setUp();
    const gate = worker();
    await fail(gate, 3);
    time.nowMs += 5001;
    const probe = await gate.enter(call);
    const others = Promise.all([gate.enter(call), gate.enter(call)]);
    if (probe.kind !== "call") throw new Error("no probe");

    await gate.report("a", probe, "ok");

    expect(await others).toEqual([{ kind: "call" }, { kind: "call" }]);
  });

  it("shuts again, for longer, when the probe fails", async () => {
    const { worker, time } = setUp();
    const gate = worker();
    await fail(gate, 3);
    time.nowMs += 5001;
    const probe = await gate.enter(call);
    if (probe.kind !== "call") throw new Error("no probe");

    await gate.report("a", probe, "timeout");

    expect(await gate.enter(call)).toEqual({ kind: "cooling", untilMs: time.nowMs + 10_000 });
  });

  it("shuts for a pause within a second, while calls go on, and stays shut whatever becomes of them", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    const inFlight = [await gate.enter(call), await gate.enter(call)];
    await cooldowns.pause("a", { sinceMs: time.nowMs });

    time.nowMs += 1000;
    const paused = await gate.enter(call);
    for (const entry of inFlight) if (entry.kind === "call") await gate.report("a", entry, "ok");
    const after = await gate.enter(call);
    await cooldowns.resume("a");
    time.nowMs += 1000;

    expect([paused.kind, after.kind, (await gate.enter(call)).kind]).toEqual(["cooling", "cooling", "call"]);
  });

  it("shuts for a pause within a second also while a provider answers 429 with short rests", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    await gate.enter(call);
    await gate.report("a", { kind: "call" }, "rate-limited", 50);
    await cooldowns.pause("a", { sinceMs: time.nowMs });
    const from = time.nowMs;
    const calledAtMs: number[] = [];

    for (let tries = 0; tries < 30; tries++) {
      if ((await gate.enter(call)).kind === "call") {
        calledAtMs.push(time.nowMs - from);
        await gate.report("a", { kind: "call" }, "rate-limited", 50);
      }
      time.nowMs += 100;
    }

    expect(calledAtMs.length).toBeGreaterThan(0);
    expect(Math.max(...calledAtMs)).toBeLessThan(1000);
  });

  it("opens within a second of a person's ending a rest, and the next rest has its own length", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    await worker().report("a", { kind: "call" }, "quota-exceeded", 900_000);
    expect(await gate.enter(call)).toMatchObject({ kind: "cooling" });

    await cooldowns.clear("a", cooldowns.items.get("a")?.untilMs ?? 0);
    time.nowMs += 1000;

    expect(await gate.enter(call)).toEqual({ kind: "call" });
    await gate.report("a", { kind: "call" }, "auth");
    expect(cooldowns.items.get("a")).toMatchObject({ level: 1, untilMs: time.nowMs + 5000 });
  });

  it("lets a worker learn of another's later rest though it has just seen one itself", async () => {
    const { worker, time } = setUp();
    const [one, other] = [worker(), worker()];
    await other.report("a", { kind: "call" }, "quota-exceeded", 900_000);
    const untilMs = time.nowMs + 900_000;

    await one.report("a", { kind: "call" }, "rate-limited", 10);

    expect(await one.enter(call)).toEqual({ kind: "cooling", untilMs });
  });

  it("stays shut for a pause when the probe that was in flight succeeds", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    await fail(gate, 3);
    time.nowMs += 5001;
    const probe = await gate.enter(call);
    await cooldowns.pause("a", { sinceMs: time.nowMs });
    time.nowMs += 1000;
    await gate.availability("a");

    if (probe.kind === "call") await gate.report("a", probe, "ok");

    expect(await gate.availability("a")).toMatchObject({ kind: "cooling", untilMs: time.nowMs + 30_000 });
    expect(cooldowns.items.get("a")).toMatchObject({ level: 0, paused: {} });
  });

  it("is not shut earlier than it was by late answers of calls that were in flight", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    await gate.report("a", { kind: "call" }, "auth");
    const untilMs = cooldowns.items.get("a")?.untilMs;
    time.nowMs += 10;

    await gate.report("a", { kind: "call" }, "rate-limited", 1);

    expect(cooldowns.items.get("a")?.untilMs).toBe(untilMs);
  });

  it("is waited before, in place, when a rate limit is short, and opens for all without a probe", async () => {
    const { worker, time } = setUp();
    const [one, other] = [worker(), worker()];
    await one.report("a", { kind: "call" }, "rate-limited", 1500);
    const from = time.nowMs;

    expect([await one.enter(call), await other.enter(call)]).toEqual([{ kind: "call" }, { kind: "call" }]);
    expect(time.nowMs - from).toBe(1500);
  });

  it("is not shut for ever by a probe that could not be leased", async () => {
    const { worker, time, cooldowns } = setUp();
    const gate = worker();
    await fail(gate, 3);
    time.nowMs += 5001;
    const { leaseProbe } = cooldowns;
    cooldowns.leaseProbe = async () => {
      throw new Error("throttled");
    };
    await expect(gate.enter(call)).rejects.toThrow("throttled");
    cooldowns.leaseProbe = leaseProbe;

    expect(await gate.enter(call)).toMatchObject({ kind: "call" });
  });

  it("is not waited before when a rate limit is long", async () => {
    const { worker, time } = setUp();
    const gate = worker();
    await gate.report("a", { kind: "call" }, "rate-limited", 30_000);

    expect(await gate.enter(call)).toEqual({ kind: "cooling", untilMs: time.nowMs + 30_000, rate: true });
  });

  it("opens once a deployment that was alone in its chain is back", async () => {
    const { worker, time } = setUp();
    const gate = worker();
    await fail(gate, 3);
    time.nowMs += 5001;
    const probe = await gate.enter(call);
    if (probe.kind !== "call") throw new Error("no probe");
    await gate.report("a", probe, "ok");
    time.nowMs += 2000;

    expect(await worker().enter(call)).toEqual({ kind: "call" });
  });

  it("lets calls of a limited deployment pass at their times, and says until when it is full", async () => {
    const { worker, time, store } = setUp({ requestMs: 500 });
    const gate = worker();
    const from = time.nowMs;

    for (let calls = 0; calls < 3; calls++) expect(await gate.enter(call)).toEqual({ kind: "call" });
    expect(time.nowMs - from).toBeGreaterThanOrEqual(1000);
    const untilMs = time.nowMs + 60_000;
    await store.reserve("a", "requests", { nowMs: untilMs, spanMs: 0, latestMs: untilMs });

    expect(await worker().enter(call)).toEqual({ kind: "limited", untilMs });
    expect(await worker().availability("a")).toEqual({ kind: "limited", untilMs });
  });

  it("takes no slot of a limited deployment while it rests", async () => {
    const { worker, time, store } = setUp({ requestMs: 500 });
    const gate = worker();
    await fail(gate, 3);

    expect(await gate.enter(call)).toEqual({ kind: "cooling", untilMs: time.nowMs + 5000 });
    expect(await gate.availability("a")).toEqual({ kind: "cooling", untilMs: time.nowMs + 5000 });
    expect(store.items.size).toBe(0);
  });

  it("gives a slot up for another that became too old while it waited for a rest to end", async () => {
    const { worker, time, store } = setUp({ requestMs: 500 });
    const gate = worker();
    await gate.report("a", { kind: "call" }, "rate-limited", 1800);
    const from = time.nowMs;

    expect(await gate.enter(call)).toEqual({ kind: "call" });
    expect(time.nowMs - from).toBe(1800);
    expect(store.items.get("a")).toEqual({ requests: from + 1800 + 500 });
  });

  it("has half of the calls in flight after a rate limit", async () => {
    const { worker, time } = setUp();
    const gate = worker();
    for (let calls = 0; calls < 4; calls++) await gate.enter(call);
    for (let calls = 0; calls < 3; calls++) await gate.report("a", { kind: "call" }, "ok");
    for (let calls = 0; calls < 9; calls++) await gate.enter(call);
    // Ten are in flight, as many as are configured.
    await gate.report("a", { kind: "call" }, "rate-limited", 1);
    time.nowMs += 1000;
    for (let calls = 0; calls < 9; calls++) await gate.report("a", { kind: "call" }, "ok");

    const entered: number[] = [];
    for (let calls = 0; calls < 8; calls++) void gate.enter(call).then(() => entered.push(calls));
    await new Promise(setImmediate);

    expect(entered.length).toBeGreaterThanOrEqual(5);
    expect(entered.length).toBeLessThan(8);
  });
});
