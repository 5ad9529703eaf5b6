import { describe, expect, it } from "vitest";
import type { Deployment, PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const ok: Answer = (_, { name }) => ({
  kind: "completed",
  response: { by: name },
  usage: { inputTokens: 10, outputTokens: 5 },
});

function lines(count: number, deadline?: string): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `job-${index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: `hello ${index}` }] },
      ...(deadline === undefined ? {} : { switchyard: { deadline } }),
    }),
  ).join("\n");
}

/** A chain of which some deployments are limited. */
function withLimits(names: string[], limits: Record<string, NonNullable<Deployment["limits"]>>): PolicyDocument {
  const { version, policy } = chainOf(...names);
  const deployments = Object.fromEntries(
    Object.entries(policy.deployments).map(([name, deployment]) => {
      const own = limits[name];
      return [name, own === undefined ? deployment : { ...deployment, limits: own }];
    }),
  );
  return { version, policy: { ...policy, deployments } };
}

const share = { "us-east-1": 1 };

function mostInAMinute(calls: readonly { deployment: string; atMs: number }[], deployment: string): number {
  const times = calls.filter((call) => call.deployment === deployment).map(({ atMs }) => atMs);
  return Math.max(0, ...times.map((from) => times.filter((atMs) => atMs >= from && atMs < from + 60_000).length));
}

describe("a batch that is larger than a deployment's limit", () => {
  it("is answered within the limit, and waits in its queue for the rest", async () => {
    const document = withLimits(["a"], { a: { requestsPerMinute: 120, share } });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", lines(700));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(700);
    expect(world.calls).toHaveLength(700);
    expect(mostInAMinute(world.calls, "a")).toBeLessThanOrEqual(120);
  });

  it("is answered within a limit of tokens, counted before the call", async () => {
    // Each job counts 20 tokens.
    const document = withLimits(["a"], { a: { tokensPerMinute: 2000, share } });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", lines(450));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(450);
    expect(mostInAMinute(world.calls, "a")).toBeLessThanOrEqual(100);
  });

  it("goes to the next deployment in the chain that is free, and not beyond the limit of the first", async () => {
    const document = withLimits(["small", "large"], { small: { requestsPerMinute: 60, share } });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    // Other shards, of other workers, have the next ten minutes.
    await world.stores.limits.reserve("small", "turns", { nowMs: 0, spanMs: world.now() + 600_000, latestMs: 0 });
    const batch = await world.upload("uploads/x.jsonl", lines(1000));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(1000);
    expect(world.calls.every(({ deployment }) => deployment === "large")).toBe(true);
  });

  it("waits for the first that has room when all are at their limits, each within its own", async () => {
    const document = withLimits(["a", "b"], {
      a: { requestsPerMinute: 60, share },
      b: { requestsPerMinute: 120, share },
    });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", lines(1000));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(1000);
    expect(mostInAMinute(world.calls, "a")).toBeLessThanOrEqual(60);
    expect(mostInAMinute(world.calls, "b")).toBeLessThanOrEqual(120);
  });

  it("ends the jobs whose deadline comes before their turn, and no others", async () => {
    const document = withLimits(["a"], { a: { requestsPerMinute: 30, share } });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const startedMs = world.now();
    // Others have the next hour: they may need less of it.
    await world.stores.limits.reserve("a", "turns", { nowMs: 0, spanMs: world.now() + 3_600_000, latestMs: 0 });
    const batch = await world.upload("uploads/x.jsonl", lines(400, "5m"));

    await world.settle();

    const [answered, ended] = [world.read(batch, "output.jsonl"), world.read(batch, "errors.jsonl")];
    expect(answered.length + ended.length).toBe(400);
    expect(answered.length).toBeGreaterThan(20);
    const [first] = world.calls;
    expect((first?.atMs ?? 0) - startedMs).toBeGreaterThan(200_000);
    expect(
      new Set(ended.map(({ error }) => JSON.stringify(error)).map((text) => /deadline-exceeded/.test(text))),
    ).toEqual(new Set([true]));
    expect(mostInAMinute(world.calls, "a")).toBeLessThanOrEqual(30);
  });

  it("is a part of a stack's share only", async () => {
    const document = withLimits(["a"], { a: { requestsPerMinute: 120, share: { "us-east-1": 0.5 } } });
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.upload("uploads/x.jsonl", lines(200));

    await world.settle();

    expect(mostInAMinute(world.calls, "a")).toBeLessThanOrEqual(60);
  });
});
