import { describe, expect, it } from "vitest";
import type { Deployment, PolicyDocument, RateLimits } from "../../../lib/core/configuration/document.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const ok: Answer = ({ body }, { name }) => ({
  kind: "completed",
  response: { by: name, said: body.messages },
  usage: { inputTokens: 10, outputTokens: 5 },
});

function lines(who: string, count: number, deadline?: string): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `${who}-${index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: who }] },
      ...(deadline === undefined ? {} : { switchyard: { deadline } }),
    }),
  ).join("\n");
}

const share = { "us-east-1": 1 };

/** A chain of deployments, and tenants of whom some are limited. */
function withTenants(
  names: string[],
  tenants: Record<string, Omit<RateLimits, "share"> & Partial<RateLimits>>,
  limits: Record<string, Deployment["limits"]> = {},
): PolicyDocument {
  const { version, policy } = chainOf(...names);
  const deployments = Object.fromEntries(
    Object.entries(policy.deployments).map(([name, deployment]) => {
      const own = limits[name];
      return [name, own === undefined ? deployment : { ...deployment, limits: own }];
    }),
  );
  const compiled = Object.entries(tenants).map(([name, given]) => [
    name,
    {
      uploads: `${name}/`,
      senders: [],
      ...(Object.keys(given).length === 0 ? {} : { limits: { share, ...given } }),
    },
  ]);
  return { version, policy: { ...policy, deployments, tenants: Object.fromEntries(compiled) } };
}

/** A world in which the calls of each tenant are told apart by what they say. */
function worldOf(document: PolicyDocument, options: { laneBatch?: number; answer?: Answer } = {}) {
  const startsMs = new Map<string, number[]>();
  const answer: Answer = (call, deployment, nowMs) => {
    const who = String(call.body.messages[0]?.content);
    startsMs.set(who, [...(startsMs.get(who) ?? []), nowMs]);
    return (options.answer ?? ok)(call, deployment, nowMs);
  };
  const world = createWorld({ document, router: simpleRouter(document), ...options, answer });
  return { ...world, startsOf: (who: string) => startsMs.get(who) ?? [] };
}

function mostInAMinute(startsMs: readonly number[]): number {
  return Math.max(0, ...startsMs.map((from) => startsMs.filter((atMs) => atMs >= from && atMs < from + 60_000).length));
}

describe("a tenant with limits", () => {
  it("keeps to its requests per minute over all deployments, and all its jobs are answered", async () => {
    // The first deployment answers about half of them, and is the only one that says so.
    let asked = 0;
    const half: Answer = (call, deployment, nowMs) => {
      asked += 1;
      return deployment.name === "a" && asked % 2 === 0
        ? { kind: "failed", error: { kind: "not-found", detail: "404" } }
        : ok(call, deployment, nowMs);
    };
    const world = worldOf(withTenants(["a", "b"], { acme: { requestsPerMinute: 120 } }), { answer: half });
    const batch = await world.upload("uploads/acme/x.jsonl", lines("acme", 500));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(500);
    expect(new Set(world.calls.map(({ deployment }) => deployment))).toEqual(new Set(["a", "b"]));
    expect(mostInAMinute(world.startsOf("acme"))).toBeLessThanOrEqual(120);
  });

  it("keeps to its tokens per minute, counted before the call", async () => {
    // Each job counts 20 tokens.
    const world = worldOf(withTenants(["a"], { acme: { tokensPerMinute: 2000 } }));
    const batch = await world.upload("uploads/acme/x.jsonl", lines("acme", 300));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(300);
    expect(mostInAMinute(world.startsOf("acme"))).toBeLessThanOrEqual(100);
  });

  it("has a part of its limits in each stack", async () => {
    const half = { requestsPerMinute: 120, share: { "us-east-1": 0.5 } };
    const world = worldOf(withTenants(["a"], { acme: half }));
    await world.upload("uploads/acme/x.jsonl", lines("acme", 200));

    await world.settle();

    expect(mostInAMinute(world.startsOf("acme"))).toBeLessThanOrEqual(60);
  });

  it("waits in the queue when its limits are used up, and is not sent to another deployment", async () => {
    const world = worldOf(withTenants(["a", "b"], { acme: { requestsPerMinute: 60 } }));
    const startedMs = world.now();
    // Other shards of its, of other workers, have the next half hour.
    await world.stores.limits.reserve("tenant:acme", "turns", { nowMs: 0, spanMs: startedMs + 1_800_000, latestMs: 0 });
    const batch = await world.upload("uploads/acme/x.jsonl", lines("acme", 50));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(50);
    expect(world.calls.every(({ deployment }) => deployment === "a")).toBe(true);
    expect(Math.min(...world.startsOf("acme")) - startedMs).toBeGreaterThanOrEqual(1_800_000);
  });

  it("ends the jobs whose deadline comes before their tenant's turn", async () => {
    const world = worldOf(withTenants(["a"], { acme: { requestsPerMinute: 30 } }));
    const batch = await world.upload("uploads/acme/x.jsonl", lines("acme", 400, "5m"));

    await world.settle();

    const ended = world.read(batch, "errors.jsonl");
    expect(world.read(batch, "output.jsonl").length + ended.length).toBe(400);
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.every(({ error }) => /deadline-exceeded/.test(JSON.stringify(error)))).toBe(true);
  });

  it("takes of its deployment's limits as well", async () => {
    const limits = { a: { requestsPerMinute: 60, share } };
    const world = worldOf(withTenants(["a"], { acme: { requestsPerMinute: 600 }, other: {} }, limits));
    const batches = [
      await world.upload("uploads/acme/x.jsonl", lines("acme", 80)),
      await world.upload("uploads/other/x.jsonl", lines("other", 80)),
    ];

    await world.settle();

    expect(batches.map((batch) => world.read(batch, "output.jsonl").length)).toEqual([80, 80]);
    expect(mostInAMinute([...world.startsOf("acme"), ...world.startsOf("other")])).toBeLessThanOrEqual(60);
  });
});

describe("tenants of one lane", () => {
  it("share no shard, and each message says whose it is", async () => {
    const world = worldOf(withTenants(["a"], { acme: {}, other: {} }));
    await world.upload("uploads/acme/x.jsonl", lines("acme", 30));
    await world.upload("uploads/other/x.jsonl", lines("other", 30));
    // Plan of both, and then classify.
    for (let step = 0; step < 2; step++) await world.step();
    const chunks = world.queues.get("chunks")?.map(({ group }) => group);
    for (let step = 0; step < 2; step++) await world.step();

    const held = world.queues.get("a-us-east-1-general") ?? [];

    expect(chunks).toEqual(["acme", "other"]);
    expect(held.map(({ group, body }) => [group, JSON.parse(body).tenant])).toEqual([
      ["acme", "acme"],
      ["other", "other"],
    ]);
  });

  it("do not wait for the flood of one that is over its limits", async () => {
    const world = worldOf(withTenants(["a"], { acme: { requestsPerMinute: 60 }, other: {} }), { laneBatch: 10 });
    const flood = await world.upload("uploads/acme/x.jsonl", lines("acme", 3000));
    const small = await world.upload("uploads/other/x.jsonl", lines("other", 200));
    const startedMs = world.now();

    await world.settle();

    expect(world.read(flood, "output.jsonl")).toHaveLength(3000);
    expect(world.read(small, "output.jsonl")).toHaveLength(200);
    // The flood takes 50 minutes and more; the others are called in the first function that holds both.
    expect(Math.max(...world.startsOf("acme")) - startedMs).toBeGreaterThan(3_000_000);
    expect(Math.max(...world.startsOf("other")) - startedMs).toBeLessThan(5000);
  });

  it("cost no reservation where they have no limits", async () => {
    const world = worldOf(withTenants(["a"], { acme: { requestsPerMinute: 60 }, other: {} }));
    await world.upload("uploads/other/x.jsonl", lines("other", 50));

    await world.settle();

    expect(world.startsOf("other")).toHaveLength(50);
    expect(world.stores.limits.items.size).toBe(0);
  });
});
