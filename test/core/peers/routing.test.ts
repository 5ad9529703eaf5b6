import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../lib/core/configuration/document.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import { FailureKind } from "../../../lib/core/failure.ts";
import type { ProviderError } from "../../../lib/core/provider.ts";
import { Gate } from "../../../lib/core/work/gate.ts";
import { RateLimits } from "../../../lib/core/work/rate-limits.ts";
import { createRouter } from "../../../lib/core/work/router.ts";
import { mapBedrockError } from "../../../lib/providers/map-bedrock-error.ts";
import { mapOpenAiError } from "../../../lib/providers/map-openai-error.ts";
import { memoryCooldowns } from "../../fakes/memory-cooldowns.ts";
import { memoryLimits } from "../../fakes/memory-limits.ts";
import { virtualTime } from "../../fakes/virtual-time.ts";
import { compileText, documentOf } from "../policy-fixture.ts";
import { chainOf, simpleRouter } from "../work/simple-router.ts";
import { type Answer, createWorld } from "../work/world.ts";

/*
 * What other routers have been seen to do when a provider fails, each as a test that fails where a router does it. The
 * race of budgets is a test of its own, beside the budgets. That a rate limit on the wire sends a job on is proven on
 * the local engine too: test/end-to-end/run.test.ts.
 */

/** When the world's clock starts. */
const startMs = Date.UTC(2026, 0, 1);
const hourMs = 3_600_000;
const usage = { inputTokens: 10, outputTokens: 5 };
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
const failing =
  (error: ProviderError, ...names: string[]): Answer =>
  (call, deployment, nowMs) =>
    names.includes(deployment.name) ? { kind: "failed", error } : ok(call, deployment, nowMs);
const overloaded: ProviderError = { kind: "overloaded", detail: "503" };

function line(id: string, { model = "auto", ...switchyard }: { model?: string; deadline?: string } = {}): string {
  const body = { model, messages: [{ role: "user", content: `hello ${id}` }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body, switchyard });
}

const lines = (count: number, options?: Parameters<typeof line>[1]) =>
  Array.from({ length: count }, (_, index) => line(`job-${index}`, options)).join("\n");

/** Sends jobs one after the other, a second apart, and says which deployments were called for each. */
async function oneAfterTheOther(names: string[], jobs: number, answer: Answer) {
  const document = chainOf(...names);
  const world = createWorld({ document, router: simpleRouter(document), answer, warm: true });
  const called: string[][] = [];
  const batches: string[] = [];
  for (let job = 0; job < jobs; job++) {
    const before = world.calls.length;
    batches.push(await world.upload(`uploads/${job}.jsonl`, line(`job-${job}`)));
    while (await world.step());
    called.push(world.calls.slice(before).map(({ deployment }) => deployment));
    world.advance(1000);
  }
  return { world, called, batches };
}

describe("LiteLLM: the only primary of a fallback never cools, so every request calls it three times in vain", () => {
  it("rests it after the first failures, and later jobs go straight to the next", async () => {
    const { called } = await oneAfterTheOther(["dead", "well"], 30, failing(overloaded, "dead"));

    // The first is called and tried again in place, the second is the third failure in a row.
    expect(called.slice(0, 2)).toEqual([
      ["dead", "dead", "well"],
      ["dead", "well"],
    ]);
    // After that once at the end of each rest: in half a minute there are two such ends.
    expect(called.slice(2).filter((names) => names.includes("dead"))).toEqual([
      ["dead", "well"],
      ["dead", "well"],
    ]);
  });

  it("rests one that is alone in its chain as well, and answers all jobs when it is back", async () => {
    let isDown = true;
    const answer: Answer = (call, deployment, nowMs) =>
      isDown ? { kind: "failed", error: overloaded } : ok(call, deployment, nowMs);
    const { world, called, batches } = await oneAfterTheOther(["alone"], 30, answer);
    isDown = false;

    await world.settle();

    expect(called.flat().length).toBeLessThanOrEqual(3 + 2);
    expect(batches.map((batch) => world.read(batch, "output.jsonl").length)).toEqual(batches.map(() => 1));
  });
});

/** Every tier of it falls back into deployments of the others. */
function overlapping(more = "", lightweight = "[a, b, c]"): string {
  const of = (name: string) =>
    `  ${name}: { provider: openai, model: ${name}, secret: switchyard/${name}, facts: { dpa: true } }`;
  return `version: 1
regions: [us-east-1]
deployments:
${["a", "b", "c"].map(of).join("\n")}
tiers: { lightweight: { chain: ${lightweight} }, standard: { chain: [b, c, a] }, capable: { chain: [c, b] } }
dataClasses: { public: {} }
untagged: public
${more}`;
}

describe("LiteLLM: overlapping chains re-enter each other, twelve calls for one request, or 79,858 in a cycle", () => {
  async function callsOf(error: ProviderError, model: string) {
    const document = documentOf(overlapping());
    const router = createRouter({ document, decider: createDecider(document, "us-east-1") }, () => startMs);
    const world = createWorld({ document, router, answer: failing(error, "a", "b", "c") });
    const batch = await world.upload("uploads/x.jsonl", line("one", { model }));
    await world.settle();
    expect(world.read(batch, "errors.jsonl")).toMatchObject([{ error: { code: "exhausted" } }]);
    return world.calls.map(({ deployment }) => deployment);
  }

  it.each([
    ["lightweight", ["a", "b", "c"]],
    ["standard", ["b", "c", "a"]],
    ["capable", ["c", "b"]],
  ])("calls each deployment of the tier %s once when all fail for good", async (model, chain) => {
    expect(await callsOf({ kind: "auth", detail: "401" }, model)).toEqual(chain);
  });

  it("calls each once a round, with one retry in place, when all fail for a while", async () => {
    const called = await callsOf(overloaded, "lightweight");

    const round = ["a", "a", "b", "b", "c", "c"];
    expect(called).toEqual([round, round, round, round, round].flat());
  });

  it.each([
    ["a deployment that comes twice in a chain", overlapping("", "[a, b, a]"), "tiers.lightweight.chain[2]"],
    ["a chain that leads into another tier", overlapping("", "[a, standard]"), "tiers.lightweight.chain[1]"],
    ["an alias of an alias", overlapping("aliases: { x: y, y: x }"), "aliases.x"],
  ])("refuses %s, so that there are no cycles", (_, text, path) => {
    const compiled = compileText(text);

    expect(compiled.kind === "invalid" && compiled.problems.map((problem) => problem.path)).toContain(path);
  });
});

/** Workers that share cooldowns, under the cooldown policy of a configuration. */
function workers(cooldown = "") {
  const time = virtualTime(startMs);
  const { policy } = documentOf(overlapping(cooldown));
  const cooldowns = memoryCooldowns();
  const limits = () => new RateLimits({ ...time, random: () => 0, store: memoryLimits(), rates: () => undefined });
  const worker = () =>
    new Gate({ ...time, cooldowns, limits: limits(), policy: () => policy.cooldown, concurrency: () => 10 });
  /** Moves the clock. */
  const pass = async (ms: number) => {
    void time.sleep(ms);
    await time.run();
  };
  return { time, worker, pass };
}
const calling = { deployment: "a", tokens: 10, probeForMs: 30_000, byMs: Number.POSITIVE_INFINITY };
const entered = { kind: "call" } as const;

describe("LiteLLM: a cooldown is replaced by a shorter one", () => {
  it("only moves later, whoever reports what", async () => {
    const { worker, pass } = workers();
    const [long, short] = [worker(), worker()];
    await Promise.all([long.enter(calling), short.enter(calling)]);

    await long.report("a", entered, "rate-limited", 60_000);
    await pass(500);
    await short.report("a", entered, "rate-limited", 3000);

    // What the table has is proven for every store: test/stores/small-stores.contract.ts.
    const untilMs = startMs + 60_000;
    await pass(600);
    expect(await short.enter(calling)).toMatchObject({ kind: "cooling", untilMs });
    await pass(10_000);
    expect(await short.enter(calling)).toMatchObject({ kind: "cooling", untilMs });
    expect(await worker().enter(calling)).toMatchObject({ kind: "cooling", untilMs });
  });
});

describe("LiteLLM: raises when every deployment is cooling", () => {
  const limitedUntil =
    (untilMs: number): Answer =>
    (call, deployment, nowMs) =>
      nowMs < untilMs
        ? { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 60_000 } }
        : ok(call, deployment, nowMs);

  it("keeps the jobs in the queue for an hour, and answers them when the first is back", async () => {
    const document = chainOf("a", "b");
    const answer = limitedUntil(startMs + hourMs);
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", lines(10));

    await world.settle();

    expect(world.read(batch, "errors.jsonl")).toEqual([]);
    expect(world.read(batch, "output.jsonl")).toHaveLength(10);
    expect(world.now()).toBeGreaterThanOrEqual(startMs + hourMs);
  });

  it("ends them at their deadline, and says so", async () => {
    const document = chainOf("a", "b");
    const answer = limitedUntil(Number.POSITIVE_INFINITY);
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", lines(10, { deadline: "1h" }));

    await world.settle();

    const errors = world.read(batch, "errors.jsonl");
    expect(errors).toHaveLength(10);
    for (const error of errors) expect(error).toMatchObject({ error: { code: "deadline-exceeded" } });
    // It was tried as long as there was time.
    const last = Math.max(...world.calls.map(({ atMs }) => atMs));
    expect(last).toBeGreaterThan(startMs + 0.9 * hourMs);
    expect(last).toBeLessThan(startMs + hourMs);
  });
});

describe("LiteLLM: an unknown price counts as 5.0 a token, or as nothing", () => {
  it("is an error of the configuration that names the deployment", () => {
    const compiled = compileText(overlapping().replace("model: b,", "model: unpriced,"));

    expect(compiled).toMatchObject({
      kind: "invalid",
      problems: [{ path: "deployments.b", message: expect.stringContaining("no price is known for unpriced") }],
    });
  });
});

describe("LiteLLM: one bad line makes a batch cost nothing", () => {
  it("adds up what the others cost", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const upload = ["not json", line("one"), line("one"), line("lost", { model: "nowhere" }), line("two")];
    const batch = await world.upload("uploads/x.jsonl", upload.join("\n"));

    await world.settle();

    const each = 10 * 60 + 5 * 240;
    expect(world.stores.batches.items.get(batch)).toMatchObject({ costNanoUsd: { a: 2 * each } });
  });
});

describe("LiteLLM: slots are not released after a time-out", () => {
  /** A gate whose slots are all taken, and one that waits for the next. */
  async function full() {
    const { worker } = workers();
    const gate = worker();
    const took: string[] = [];
    for (;;) {
      const next = gate.enter(calling).then(({ kind }) => took.push(kind));
      const before = took.length;
      await new Promise(setImmediate);
      if (took.length === before) return { gate, took, slots: before, next };
    }
  }

  it("gives the slot of a call that timed out to the next", async () => {
    const { gate, took, slots, next } = await full();

    await gate.report("a", entered, "timeout");
    await next;

    expect(slots).toBeGreaterThan(0);
    expect(took).toHaveLength(slots + 1);
  });

  it("gives the slot of a call that was not made after all to the next", async () => {
    const { gate, took, slots, next } = await full();

    gate.withdraw("a", entered);
    await next;

    expect(took).toHaveLength(slots + 1);
  });

  it("lets what a dead worker holds lapse: its share of a limit, and its jobs", async () => {
    const { version, policy } = chainOf("a");
    const limits = { requestsPerMinute: 60, share: { "us-east-1": 1 } };
    const { a } = policy.deployments;
    if (a === undefined) throw new Error("the fixture has no deployment");
    const deployments: Record<string, Deployment> = { a: { ...a, concurrency: 1, limits } };
    const document = { version, policy: { ...policy, deployments } };
    let killed = 0;
    const answer: Answer = (call, deployment, nowMs) => {
      // Killed in the middle of a call, with a slot of the limit, a call in flight and a shard under its lease.
      if (world.calls.length % 10 === 5 && killed < 3) {
        killed += 1;
        throw world.crash();
      }
      return ok(call, deployment, nowMs);
    };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", lines(60));

    await world.settle();

    expect(killed).toBe(3);
    expect(world.read(batch, "errors.jsonl")).toEqual([]);
    expect(world.read(batch, "output.jsonl")).toHaveLength(60);
  });

  it("goes on at the full rate a second or two after a worker died with slots", async () => {
    const time = virtualTime(startMs);
    const store = memoryLimits();
    const worker = () => new RateLimits({ ...time, random: () => 0, store, rates: () => ({ requestMs: 100 }) });
    const dying = worker();
    for (let slots = 0; slots < 5; slots++) await dying.take("a", 0, Number.POSITIVE_INFINITY);

    const heir = worker();
    const starts: number[] = [];
    const taking = (async () => {
      for (let slots = 0; slots < 20; slots++) {
        const slot = await heir.take("a", 0, Number.POSITIVE_INFINITY);
        if (slot.kind === "slot") starts.push(slot.atMs);
      }
    })();
    await time.run();
    await taking;

    expect(starts).toHaveLength(20);
    expect(Math.max(...starts)).toBeLessThanOrEqual(startMs + 20 * 100 + 2000);
  });
});

describe("LiteLLM: failures are counted in a fixed window of one minute", () => {
  const window = (seconds: number) => `cooldown: { windowSeconds: ${seconds}, failureRate: 0.5, minAttempts: 5 }\n`;

  it.each([
    { seconds: 30, rests: false },
    { seconds: 300, rests: true },
  ])("counts those of the last $seconds seconds where the configuration says so", async ({ seconds, rests }) => {
    const { worker, pass } = workers(window(seconds));
    const gate = worker();

    // Three of five fail, never three in a row, and two minutes pass over them.
    for (const outcome of ["overloaded", "ok", "overloaded", "ok", "overloaded"] as const) {
      await pass(30_000);
      await gate.enter(calling);
      await gate.report("a", entered, outcome);
    }

    expect((await gate.availability("a")).kind).toBe(rests ? "cooling" : "available");
  });
});

describe("Portkey: the breaker never opens, and twenty of twenty calls hit the dead target", () => {
  it("lets none of twenty further workers call it once one of them has seen that it is down", async () => {
    const { worker } = workers();
    const first = worker();
    for (let calls = 0; calls < 3; calls++) {
      await first.enter(calling);
      await first.report("a", entered, "overloaded");
    }

    const others = await Promise.all(Array.from({ length: 20 }, () => worker().enter(calling)));

    expect(new Set(others.map(({ kind }) => kind))).toEqual(new Set(["cooling"]));
  });

  it("has three of twenty jobs in a batch meet it, and answers all", async () => {
    const document = chainOf("dead", "well");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing(overloaded, "dead") });
    const batch = await world.upload("uploads/x.jsonl", lines(20));

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    // As many as begin before the first has answered, of which none is tried again.
    expect(world.calls.filter(({ deployment }) => deployment === "dead").length).toBeLessThanOrEqual(4);
  });
});

describe("Portkey: a 400 falls back too, and burns the chain", () => {
  it.each([
    mapOpenAiError(400, {}, '{"error":{"code":"invalid_value","message":"max_tokens"}}', startMs),
    mapOpenAiError(422, {}, "", startMs),
    mapBedrockError({ name: "ValidationException", $metadata: { httpStatusCode: 400 } }, startMs),
  ])("fails once, and says so: $detail", async (error) => {
    const document = chainOf("a", "b", "c");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing(error, "a") });
    const batch = await world.upload("uploads/x.jsonl", lines(3));

    await world.settle();

    expect(world.calls.map(({ deployment }) => deployment)).toEqual(["a", "a", "a"]);
    expect(world.read(batch, "errors.jsonl").map(({ error: ended }) => ended)).toMatchObject([
      { code: "invalid-request" },
      { code: "invalid-request" },
      { code: "invalid-request" },
    ]);
    // Nor does it rest a deployment that is well.
    expect(world.stores.cooldowns.items.size).toBe(0);
  });
});

describe("Bifrost: no fallback on 429 and 502 in places", () => {
  async function endOf(error: ProviderError) {
    const document = chainOf("first", "second");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing(error, "first") });
    const batch = await world.upload("uploads/x.jsonl", line("one"));
    await world.settle();
    return world.read(batch, "output.jsonl").length === 1 ? "answered by the second" : "failed";
  }

  it.each([401, 402, 403, 404, 408, 429, 500, 501, 502, 503, 504, 507, 520, 522, 524, 529, 599, 301, 302, 307])(
    "goes on after HTTP status %i",
    async (status) => {
      expect(await endOf(mapOpenAiError(status, {}, "", startMs))).toBe("answered by the second");
    },
  );

  it.each([
    ["429 with a long Retry-After", mapOpenAiError(429, { "retry-after": "600" }, "", startMs)],
    ["429 that is a quota", mapOpenAiError(429, {}, '{"error":{"code":"insufficient_quota"}}', startMs)],
    ["ThrottlingException", mapBedrockError({ name: "ThrottlingException" }, startMs)],
    ["ModelNotReadyException", mapBedrockError({ name: "ModelNotReadyException" }, startMs)],
    ["a status of Bedrock's without a name", mapBedrockError({ $metadata: { httpStatusCode: 502 } }, startMs)],
    ["a connection that was refused", mapBedrockError({ code: "ECONNREFUSED" }, startMs)],
  ])("goes on after %s", async (_, error) => {
    expect(await endOf(error)).toBe("answered by the second");
  });

  // Of type Record: a new kind needs a row.
  const ends: Record<FailureKind, "answered by the second" | "failed"> = {
    "rate-limited": "answered by the second",
    overloaded: "answered by the second",
    "server-error": "answered by the second",
    network: "answered by the second",
    timeout: "answered by the second",
    auth: "answered by the second",
    "not-found": "answered by the second",
    "quota-exceeded": "answered by the second",
    "worker-lost": "answered by the second",
    // The second has no more context than the first.
    "context-too-long": "failed",
    "content-filtered": "failed",
    "invalid-request": "failed",
    "invalid-output": "failed",
  };

  it.each(FailureKind.options)("goes on after %s, or fails where that would help nobody", async (kind) => {
    expect(await endOf({ kind, detail: "x" })).toBe(ends[kind]);
  });
});
