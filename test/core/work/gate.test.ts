import { describe, expect, it } from "vitest";
import { Gate } from "../../../lib/core/work/gate.ts";
import { RateLimits } from "../../../lib/core/work/rate-limits.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { memoryLimits } from "../../fakes/memory-limits.ts";
import { chainOf } from "./simple-router.ts";

const call = { deployment: "a", tokens: 10, probeForMs: 30_000, byMs: Number.POSITIVE_INFINITY };

function setUp() {
  const time = { nowMs: 1_000_000 };
  const cooldowns = memoryCooldowns();
  const sleep = async (ms: number) => {
    time.nowMs += ms;
  };
  const policy = () => chainOf("a").policy.cooldown;
  const clock = () => time.nowMs;
  const limits = new RateLimits({ clock, sleep, random: () => 0, store: memoryLimits(), rates: () => undefined });
  const worker = () => new Gate({ clock, sleep, cooldowns, limits, policy, concurrency: () => 10 });
  return { time, cooldowns, worker };
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

    expect(await gate.enter(call)).toEqual({ kind: "cooling", untilMs: time.nowMs + 30_000 });
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
});
