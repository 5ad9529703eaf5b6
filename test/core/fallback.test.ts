import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Availability } from "../../lib/core/cooldown.ts";
import { FailureKind } from "../../lib/core/failure.ts";
import { afterFailure, nextStep, type Standing, type Surroundings } from "../../lib/core/fallback.ts";
import type { Exclusion } from "../../lib/core/protocol/shard.ts";
import { chainOf } from "./work/simple-router.ts";

const { deployments } = chainOf("a", "b", "c").policy;
const around = (parts: Partial<Surroundings> = {}): Surroundings => ({
  nowMs: 1000,
  maxRounds: 5,
  waitMs: 1000,
  patienceMs: 20_000,
  roundRestMs: 5000,
  forbidden: () => undefined,
  availability: () => ({ kind: "available" }),
  ...parts,
});
const job = (parts: Partial<Standing> = {}): Standing => ({
  chain: ["a", "b", "c"],
  excluded: {},
  round: 0,
  deadlineMs: 1_000_000,
  ...parts,
});
const cooling =
  (until: Record<string, number>) =>
  (name: string): Availability => {
    const untilMs = until[name];
    return untilMs === undefined ? { kind: "available" } : { kind: "cooling", untilMs };
  };

describe("what a failure means for its job", () => {
  const table: Record<FailureKind, Exclusion | "ends" | "rests"> = {
    "rate-limited": "rests",
    overloaded: "transient",
    "server-error": "transient",
    network: "transient",
    timeout: "transient",
    "worker-lost": "transient",
    auth: "permanent",
    "not-found": "permanent",
    "quota-exceeded": "permanent",
    "context-too-long": "ends",
    "content-filtered": "ends",
    "invalid-request": "ends",
    "invalid-output": "ends",
  };
  it.each(FailureKind.options)("%s", (kind) => {
    const after = afterFailure(kind, "a", ["a", "b"], deployments);

    const expected = table[kind];
    if (expected === "rests") expect(after).toEqual({ kind: "rests" });
    else if (expected === "ends") expect(after).toMatchObject({ kind: "final", error: { code: kind } });
    else expect(after).toEqual({ kind: "goes-on", exclude: { a: expected } });
  });

  it("takes a job that is too long only to deployments with more context", () => {
    const { a, b, c } = deployments;
    if (a === undefined || b === undefined || c === undefined) throw new Error("the fixture lacks a deployment");
    const long = { a, b, c: { ...c, contextTokens: 1_000_000 } };
    const after = afterFailure("context-too-long", "a", ["a", "b", "c"], long);

    expect(after).toEqual({ kind: "goes-on", exclude: { a: "permanent", b: "permanent" } });
  });
});

describe("the next step", () => {
  it("is the first deployment that is not excluded", () => {
    expect(nextStep(job({ excluded: { a: "transient" } }), around())).toMatchObject({ kind: "go", deployment: "b" });
  });
  it("passes over one that is cooling", () => {
    expect(nextStep(job(), around({ availability: cooling({ a: 9000 }) }))).toMatchObject({
      kind: "go",
      deployment: "b",
    });
  });
  it("never goes where policy forbids", () => {
    const forbidden = (name: string) => (name === "a" ? "class pii requires dpa: true" : undefined);
    expect(nextStep(job(), around({ forbidden }))).toMatchObject({ kind: "go", deployment: "b" });
  });
  it("is policy-denied with each reason when policy has taken the whole chain away", () => {
    const step = nextStep(job(), around({ forbidden: () => "gone" }));
    expect(step).toMatchObject({
      kind: "end",
      error: { code: "policy-denied", message: expect.stringContaining("b: gone") },
    });
  });
  it("waits for the first in its chain when all are cooling and its rest ends not much later than another's", () => {
    const step = nextStep(job(), around({ availability: cooling({ a: 9000, b: 5000, c: 7000 }) }));
    expect(step).toMatchObject({ kind: "wait", deployment: "a", untilMs: 9000, round: 0 });
  });
  it("waits for the one that is back first when the others rest far longer", () => {
    const step = nextStep(job(), around({ availability: cooling({ a: 900_000, b: 50_000, c: 5000 }) }));
    expect(step).toMatchObject({ kind: "wait", deployment: "c", untilMs: 5000, round: 0 });
  });
  it("waits for the one that is back first when it only limits the rate: when it is free is known", () => {
    const availability = (name: string): Availability => ({
      kind: "cooling",
      untilMs: name === "b" ? 5000 : 9000,
      rate: true,
    });
    expect(nextStep(job(), around({ availability }))).toMatchObject({ deployment: "b", untilMs: 5000 });
  });
  it("waits for nobody's pause where another's rest ends, however soon a pause is looked at again", () => {
    const availability = (name: string): Availability =>
      name === "a" ? { kind: "cooling", untilMs: 31_000, paused: true } : { kind: "cooling", untilMs: 16_000 };

    expect(nextStep(job(), around({ availability }))).toMatchObject({ deployment: "b", untilMs: 16_000 });
  });
  it("waits until a whole millisecond, also for a limit's fraction of one", () => {
    const availability = (): Availability => ({ kind: "limited", untilMs: 30_000.4 });

    expect(nextStep(job(), around({ availability }))).toMatchObject({ kind: "wait", untilMs: 30_001 });
  });
  it("waits for the turn that comes first where deployments are well and over their limits", () => {
    const availability = (name: string): Availability => ({ kind: "limited", untilMs: name === "b" ? 3000 : 4000 });

    expect(nextStep(job(), around({ availability, waitMs: 8000 }))).toMatchObject({ deployment: "b", limited: true });
  });
  it("begins another round when all have failed, keeping the permanent ones out", () => {
    const excluded = { a: "transient", b: "permanent", c: "transient" } as const;
    const step = nextStep(job({ excluded }), around());
    expect(step).toEqual({
      kind: "wait",
      deployment: "a",
      untilMs: 11_000,
      limited: false,
      round: 1,
      excluded: { b: "permanent" },
    });
  });
  it("looks less often the longer everything rests", () => {
    const rates = (): Availability => ({ kind: "cooling", untilMs: 1500, rate: true });
    const step = nextStep(job(), around({ availability: rates, waitMs: 30_000 }));
    expect(step).toMatchObject({ kind: "wait", untilMs: 31_000, round: 0, excluded: {} });

    // Where it has failed, the end of its rest may be the end of an outage.
    const failed = cooling({ a: 1500, b: 1500, c: 1500 });
    expect(nextStep(job(), around({ availability: failed, waitMs: 30_000 }))).toMatchObject({ untilMs: 6000 });
  });
  it("passes over one that is over its limits, and waits for its turn when all are", () => {
    const full =
      (until: Record<string, number>) =>
      (name: string): Availability => {
        const untilMs = until[name];
        return untilMs === undefined ? { kind: "available" } : { kind: "limited", untilMs };
      };

    expect(nextStep(job(), around({ availability: full({ a: 9000 }) }))).toMatchObject({ kind: "go", deployment: "b" });
    expect(nextStep(job(), around({ availability: full({ a: 9000, b: 70_000, c: 80_000 }) }))).toMatchObject({
      kind: "wait",
      deployment: "a",
      untilMs: 9000,
      limited: true,
      round: 0,
    });
  });
  it("tries once more before the deadline when its turn would come after it", () => {
    const availability = (): Availability => ({ kind: "limited", untilMs: 2_000_000 });
    const late = around({ availability });

    expect(nextStep(job(), late)).toMatchObject({ kind: "wait", untilMs: 940_000, limited: false });
    expect(nextStep(job(), { ...late, nowMs: 940_001 })).toMatchObject({ error: { code: "deadline-exceeded" } });
  });
  it("is exhausted after the last round", () => {
    const excluded = { a: "transient", b: "transient", c: "transient" } as const;
    expect(nextStep(job({ excluded, round: 4 }), around())).toMatchObject({
      kind: "end",
      error: { code: "exhausted" },
    });
  });
  it("ends at the deadline, and before it when nobody comes back in time", () => {
    expect(nextStep(job({ deadlineMs: 1000 }), around())).toMatchObject({ error: { code: "deadline-exceeded" } });
    const late = around({ availability: () => ({ kind: "cooling", untilMs: 2_000_000 }) });
    expect(nextStep(job(), late)).toMatchObject({ kind: "end", error: { code: "deadline-exceeded" } });
  });

  it("ends every job whose deployments keep failing, each once a round at most", () => {
    const failure = fc.constantFrom<Exclusion>("transient", "permanent");
    fc.assert(
      fc.property(fc.infiniteStream(failure), fc.integer({ min: 1, max: 5 }), (failures, maxRounds) => {
        let standing = job();
        const calls = new Map<string, number>();
        for (let steps = 0; ; steps++) {
          const step = nextStep(standing, around({ maxRounds }));
          if (step.kind === "end") break;
          standing = { ...standing, round: step.round, excluded: step.excluded };
          if (step.kind === "wait") continue;
          const key = `${step.deployment} in round ${step.round}`;
          calls.set(key, (calls.get(key) ?? 0) + 1);
          standing = {
            ...standing,
            excluded: { ...standing.excluded, [step.deployment]: failures.next().value ?? "transient" },
          };
          if (steps > 1000) throw new Error("the job does not end");
        }
        return [...calls.values()].every((count) => count === 1);
      }),
    );
  });
});

it("is not confused by a deployment that is named like a property of every object", () => {
  expect(nextStep(job({ chain: ["constructor", "a"] }), around())).toMatchObject({
    kind: "go",
    deployment: "constructor",
  });
});
