import { describe, expect, it } from "vitest";
import type { Policy } from "../../lib/core/configuration/document.ts";
import { createLatencies } from "../../lib/runtime/latencies.ts";
import { memoryLatencies } from "../fakes/memory-latencies.ts";
import { policyDocument } from "../fakes/policy-document.ts";

function setUp() {
  const time = { nowMs: 1_000_000 };
  const clock = () => time.nowMs;
  const store = memoryLatencies(clock);
  let calls = 0;
  const counted = {
    add: (...args: Parameters<typeof store.add>) => {
      calls += 1;
      return store.add(...args);
    },
    read: (...args: Parameters<typeof store.read>) => {
      calls += 1;
      return store.read(...args);
    },
  };
  const { policy } = policyDocument("p");
  const fastest: Policy = { ...policy, orders: { standard: "fastest" } };
  return { time, latencies: createLatencies(counted, clock), policy, fastest, calls: () => calls };
}
const seen = new Map([["nova-lite", { medianMs: 700, answers: 3 }]]);

describe("measured latencies", () => {
  it("are shared where a tier's order asks for them, and read once a second at most", async () => {
    const { latencies, fastest, time, calls } = setUp();
    await latencies.add(fastest, seen);

    expect((await latencies.of(fastest))("nova-lite")).toBe(700);
    await latencies.of(fastest);
    expect(calls()).toBe(2);
    time.nowMs += 1000;
    await latencies.of(fastest);
    expect(calls()).toBe(3);
    expect((await latencies.of(fastest))("another")).toBeUndefined();
  });

  it("cost nothing where none does", async () => {
    const { latencies, policy, calls } = setUp();
    await latencies.add(policy, seen);

    expect((await latencies.of(policy))("nova-lite")).toBeUndefined();
    expect(calls()).toBe(0);
  });
});
