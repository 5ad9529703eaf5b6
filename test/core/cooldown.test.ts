import { describe, expect, it } from "vitest";
import { availabilityOf, cooldownMs, emptyWindow, observe, type Window } from "../../lib/core/cooldown.ts";
import type { FailureKind } from "../../lib/core/failure.ts";
import { chainOf } from "./work/simple-router.ts";

const policy = chainOf("a").policy.cooldown;

function observeAll(outcomes: readonly ("ok" | FailureKind)[], everyMs = 1): ReturnType<typeof observe> {
  let window: Window = emptyWindow;
  let last: ReturnType<typeof observe> = { window, cool: undefined };
  outcomes.forEach((outcome, index) => {
    last = observe(window, outcome, index * everyMs, policy);
    window = last.window;
  });
  return last;
}

describe("a deployment is cooled", () => {
  it.each([
    ["by three failures in a row", ["ok", "ok", "ok", "ok", "overloaded", "timeout", "network"], "overload"],
    ["by half of five attempts", ["overloaded", "ok", "overloaded", "ok", "overloaded"], "overload"],
    ["at once by a rate limit", ["ok", "ok", "rate-limited"], "rate"],
    ["at once by a refused key", ["auth"], "auth"],
    ["at once by a missing model", ["not-found"], "auth"],
    ["at once by a quota", ["quota-exceeded"], "auth"],
    ["not by two failures", ["overloaded", "overloaded"], undefined],
    [
      "not by requests that are at fault themselves",
      ["invalid-request", "invalid-request", "context-too-long", "content-filtered"],
      undefined,
    ],
    ["not by a share under the rate", ["ok", "ok", "overloaded", "ok", "overloaded"], undefined],
  ] as const)("%s", (_, outcomes, cool) => {
    expect(observeAll(outcomes).cool).toBe(cool);
  });

  it("for failures in the window only", () => {
    expect(observeAll(["overloaded", "ok", "overloaded", "ok", "overloaded"], 40_000).cool).toBeUndefined();
  });
});

describe("a cooldown", () => {
  it("doubles from its base to its cap", () => {
    expect([1, 2, 3, 4].map((level) => cooldownMs("overload", level, policy, undefined))).toEqual([
      5000, 10_000, 20_000, 20_000,
    ]);
    expect(cooldownMs("auth", 12, policy, undefined)).toBe(900_000);
  });
  it("lasts as long as the provider says after a rate limit", () => {
    expect(cooldownMs("rate", 3, policy, 42_000)).toBe(42_000);
    expect(cooldownMs("rate", 3, policy, undefined)).toBe(5000);
  });
  it("gives way to a pause, at which whoever waits looks again and again", () => {
    const rest = { untilMs: 100, level: 1, kind: "overload", probeUntilMs: 0 } as const;
    const paused = { ...rest, paused: { sinceMs: 0 } };

    expect(availabilityOf({ ...paused, level: 0 }, 1000)).toEqual({ kind: "cooling", untilMs: 31_000, paused: true });
    expect(availabilityOf(paused, 1000)).toEqual({ kind: "cooling", untilMs: 31_000, paused: true });
    expect(availabilityOf({ ...rest, paused: { sinceMs: 0, untilMs: 1500 } }, 1000)).toMatchObject({ untilMs: 1500 });
    expect(availabilityOf({ ...rest, paused: { sinceMs: 0, untilMs: 1500 } }, 1500)).toEqual({ kind: "half-open" });
  });
  it("is followed by a single probe", () => {
    const cooldown = { untilMs: 100, level: 1, kind: "overload", probeUntilMs: 0 } as const;
    expect(availabilityOf(undefined, 0)).toEqual({ kind: "available" });
    expect(availabilityOf(cooldown, 99)).toEqual({ kind: "cooling", untilMs: 100 });
    expect(availabilityOf(cooldown, 100)).toEqual({ kind: "half-open" });
    expect(availabilityOf({ ...cooldown, probeUntilMs: 200 }, 150)).toEqual({ kind: "cooling", untilMs: 200 });
    expect(availabilityOf({ ...cooldown, level: 0 }, 50)).toEqual({ kind: "available" });
  });
});
