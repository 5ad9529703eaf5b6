import { describe, expect, it } from "vitest";
import type { Deployment, Policy, PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const complete: Answer = ({ body }, { name }) => ({
  kind: "completed",
  response: {
    by: name,
    choices: [{ finish_reason: "stop", message: { role: "assistant", content: `re: ${body.messages[0]?.content} ✓` } }],
  },
  usage: { inputTokens: 10, outputTokens: 5 },
});

type Line = { content: string; options?: object };
const line = ({ content, options }: Line, index: number) =>
  JSON.stringify({
    custom_id: `job-${index}`,
    method: "POST",
    url: "/v1/chat/completions",
    body: { model: "auto", messages: [{ role: "user", content }] },
    ...(options === undefined ? {} : { switchyard: options }),
  });
const lines = (count: number, options?: object) =>
  Array.from(
    { length: count },
    (_, index): Line => ({
      content: `häagen ${index}`,
      ...(options === undefined ? {} : { options }),
    }),
  )
    .map(line)
    .join("\n");

function withCache(names: string[], parts: Partial<Policy> = {}): PolicyDocument {
  const { version, policy } = chainOf(...names);
  return { version, policy: { ...policy, cache: { ttlSeconds: 3600, classes: ["internal"] }, ...parts } };
}

function worldOf(document: PolicyDocument, options: Partial<Parameters<typeof createWorld>[0]> = {}) {
  const world = createWorld({ document, router: simpleRouter(document), answer: complete, ...options });
  let uploads = 0;
  /** Runs a batch to its end. */
  const run = async (text: string, metadata: Record<string, string> = {}, prefix = "") => {
    uploads += 1;
    const calls = world.calls.length;
    const batch = await world.upload(`uploads/${prefix}${uploads}.jsonl`, text, metadata);
    await world.settle();
    const manifest: unknown = JSON.parse(
      Buffer.from(world.stores.intake.items.get(`results/${batch}/manifest.json`)?.body ?? "{}").toString(),
    );
    return {
      batch,
      output: world.read(batch, "output.jsonl"),
      errors: world.read(batch, "errors.jsonl"),
      manifest,
      called: world.calls.length - calls,
    };
  };
  return { ...world, run };
}

describe("an answer that was given before to the same request", () => {
  it("is given again without a call, at no cost, and says where it is from", async () => {
    const world = worldOf(withCache(["a"]));
    const first = await world.run(lines(250));

    const again = await world.run(lines(250));

    expect([first.called, again.called]).toEqual([250, 0]);
    expect(again.output.map(({ response }) => Object(response).body)).toEqual(
      first.output.map(({ response }) => Object(response).body),
    );
    expect(again.output[7]).toMatchObject({
      custom_id: "job-7",
      switchyard: {
        deployment: "a",
        cached: { result: `${first.batch}-8`, at: "2026-01-01T00:00:00.000Z", savedUsd: expect.any(Number) },
        attempts: [],
        costUsd: 0,
      },
    });
    expect(again.manifest).toMatchObject({
      counts: { succeeded: 250 },
      costUsd: 0,
      cached: { jobs: 250, savedUsd: expect.closeTo(Number(Object(first.manifest).costUsd), 9) },
      deployments: { a: { jobs: 250, attempts: 0 } },
    });
    expect(first.manifest).not.toHaveProperty("cached");
  });

  it("is recorded for auditors as what it is", async () => {
    const world = worldOf(withCache(["a"]));
    const first = await world.run(lines(1));
    const again = await world.run(lines(1));

    const hops = (await world.audit(again.batch)).filter(({ kind }) => kind === "hop");

    expect(hops).toMatchObject([
      { result: "succeeded", deployment: "a", attempts: [], cachedFrom: `${first.batch}-1` },
    ]);
  });

  it("is read from where it lies, a stretch of each segment", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(30));

    // Some that were asked, in another order, among others.
    const some = await world.run(
      [{ content: "häagen 29" }, { content: "new" }, { content: "häagen 3" }].map(line).join("\n"),
    );

    expect(some.called).toBe(1);
    expect(some.output.map(({ response }) => Object(response).body.choices[0].message.content)).toEqual([
      "re: häagen 29 ✓",
      "re: new ✓",
      "re: häagen 3 ✓",
    ]);
  });

  it("does for the copies of a line, too", async () => {
    const world = worldOf(withCache(["a"]));
    const first = await world.run(lines(1));

    const copies = [0, 1, 2].map((index) => line({ content: "häagen 0" }, index)).join("\n");
    const { called, output } = await world.run(copies, { dedupe: "true" });

    expect(called).toBe(0);
    expect(output.map(({ switchyard }) => Object(switchyard).cached?.result)).toEqual(
      [1, 2, 3].map(() => `${first.batch}-1`),
    );
  });

  it("costs nothing of a budget that is used up", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(20));

    // Not enough for one call.
    const { called, output } = await world.run(lines(20), { "max-cost-usd": "0.000000001" });

    expect(called).toBe(0);
    expect(output).toHaveLength(20);
  });

  it("takes no turn and no slot of a limited deployment", async () => {
    const document = withCache(["a"]);
    const { a } = document.policy.deployments;
    const limited: Deployment[] =
      a === undefined ? [] : [{ ...a, limits: { requestsPerMinute: 60, share: { "us-east-1": 1 } } }];
    const world = worldOf({
      ...document,
      policy: { ...document.policy, deployments: Object.fromEntries(limited.map((each) => [each.name, each])) },
    });
    await world.run(lines(20));
    const startedMs = world.now();
    // Others have the next ten minutes.
    await world.stores.limits.reserve("a", "turns", {
      nowMs: 0,
      spanMs: startedMs + 600_000,
      latestMs: Number.MAX_SAFE_INTEGER,
    });

    const { called } = await world.run(lines(20));

    expect(called).toBe(0);
    expect(world.now() - startedMs).toBeLessThan(1000);
  });
});

describe("a job is called for", () => {
  it("where the configuration has no cache, and nobody asks for one", async () => {
    const world = worldOf(chainOf("a"));
    await world.run(lines(3));

    expect((await world.run(lines(3))).called).toBe(3);
    expect(world.stores.answers.asked).toEqual([]);
    expect(world.stores.answers.items.size).toBe(0);
    expect([...world.stores.zones.general.items.keys()].some((key) => key.startsWith("cache/"))).toBe(false);
  });

  it("when its class is not among those of the cache", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(3, { dataClass: "pii" }));

    expect((await world.run(lines(3, { dataClass: "pii" }))).called).toBe(3);
    expect(world.stores.answers.items.size).toBe(0);
  });

  it("when another tenant had the answer", async () => {
    const tenants = { acme: { uploads: "acme/", senders: [] }, other: { uploads: "other/", senders: [] } };
    const world = worldOf(withCache(["a"], { tenants }));
    await world.run(lines(3), {}, "acme/");

    expect((await world.run(lines(3), {}, "other/")).called).toBe(3);
    expect((await world.run(lines(3), {}, "acme/")).called).toBe(0);
  });

  it("when the answer is of another class, in the other zone", async () => {
    const world = worldOf(withCache(["a"], { cache: { ttlSeconds: 3600, classes: ["internal", "pii"] } }));
    await world.run(lines(3));

    expect((await world.run(lines(3, { dataClass: "pii" }))).called).toBe(3);
    expect((await world.run(lines(3, { dataClass: "pii" }))).called).toBe(0);
    // Nothing of either is under the other's key.
    expect([...world.stores.zones.restricted.items.keys()]).toContain("cache/salt");
  });

  it("when another deployment had answered, for its own was down", async () => {
    let isDown = true;
    const world = worldOf(withCache(["a", "b"]), {
      answer: (call, deployment, nowMs) =>
        isDown && deployment.name === "a"
          ? { kind: "failed", error: { kind: "not-found", detail: "404" } }
          : complete(call, deployment, nowMs),
    });
    await world.run(lines(3));
    isDown = false;
    world.advance(900_000);

    const { called, output } = await world.run(lines(3));

    expect(called).toBe(3);
    expect(output.every(({ switchyard }) => Object(switchyard).deployment === "a")).toBe(true);
  });

  it("when the answer is older than the time to live, although its item is still there", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(3));
    world.advance(3_500_000);
    const before = await world.run(lines(3));
    world.advance(200_000);

    const after = await world.run(lines(3));

    // A cached answer that is given again is not a day younger for it.
    expect([before.called, after.called]).toEqual([0, 3]);
  });

  it("when it says so, or its batch does", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(3));

    expect((await world.run(lines(3, { cache: false }))).called).toBe(3);
    expect((await world.run(lines(3), { cache: "false" })).called).toBe(3);
    expect((await world.run(lines(3, { cache: true }), { cache: "false" })).called).toBe(0);
  });

  it.each<[string, Answer]>([
    [
      "was cut off",
      () => ({
        kind: "completed",
        response: { choices: [{ finish_reason: "length", message: { content: "Jup" } }] },
        usage: { inputTokens: 1, outputTokens: 1 },
      }),
    ],
    ["was an error", () => ({ kind: "failed", error: { kind: "invalid-request", detail: "400" } })],
  ])("when the answer %s", async (_, answer) => {
    const world = worldOf(withCache(["a"]), { answer });
    await world.run(lines(3));

    expect((await world.run(lines(3))).called).toBe(3);
    expect(world.stores.answers.items.size).toBe(0);
  });

  it("when the segment with the answer is gone", async () => {
    const world = worldOf(withCache(["a"]));
    await world.run(lines(3));
    for (const key of [...world.stores.zones.general.items.keys()])
      if (key.startsWith("segments/")) world.stores.zones.general.items.delete(key);

    const { called, output } = await world.run(lines(3));

    expect(called).toBe(3);
    expect(output).toHaveLength(3);
  });

  it("when the cache is turned off between the looking and the giving", async () => {
    const document = withCache(["a"]);
    const { cache: _, ...policy } = document.policy;
    const newer = { version: "p2", policy };
    const world: ReturnType<typeof worldOf> = worldOf(document, {
      current: () => (world.stores.answers.asked.length > 3 ? newer : document),
    });
    await world.run(lines(3));

    const { called, output } = await world.run(lines(3));

    expect(world.stores.answers.asked).toHaveLength(6);
    expect(called).toBe(3);
    expect(output.some(({ switchyard }) => Object(switchyard).cached !== undefined)).toBe(false);
  });

  it("when the cache was turned off since it was planned", async () => {
    const document = withCache(["a"]);
    const { cache: _, ...policy } = document.policy;
    let current = document;
    const world = worldOf(document, { current: () => current });
    await world.run(lines(3));
    current = { version: "p2", policy };

    expect((await world.run(lines(3))).called).toBe(3);
  });
});

describe("a worker that is lost", () => {
  it("before its answers are remembered loses none of them, and its batch ends as it should", async () => {
    for (let at = 1; at <= 6; at++) {
      let writes = 0;
      const world = worldOf(withCache(["a"]), {
        crashAt: () => {
          if (world.stores.answers.items.size === 0) return false;
          writes += 1;
          return writes === at;
        },
      });

      const first = await world.run(lines(5));
      const again = await world.run(lines(5));

      expect(first.output).toHaveLength(5);
      expect(first.called).toBe(5);
      expect(again.output).toHaveLength(5);
      expect(again.called).toBeLessThan(5);
    }
  });

  it("and overtaken has nothing remembered of what does not count", async () => {
    const world = worldOf(withCache(["a"]));
    const { chunks, zones, answers } = world.stores;
    const { apply } = chunks;
    let isOvertaken = false;
    // owner A  claim(1) ──────────────────────────── commit(1) ✗
    // owner B               claim(2) ─ commit(2) ✓
    chunks.apply = async (id, event) => {
      if (event.type === "commit" && !isOvertaken) {
        isOvertaken = true;
        const fence = event.fence + 1;
        const segment = await zones.general.get(`segments/${id}/${event.shard}/${event.segment}.jsonl`);
        await zones.general.put(`segments/${id}/${event.shard}/${fence}.jsonl`, segment ?? "");
        await apply(id, { type: "claim", shard: event.shard, nowMs: world.now() + 3_600_000, leaseUntilMs: 0 });
        await apply(id, { ...event, fence, segment: String(fence) });
      }
      return apply(id, event);
    };

    const { output } = await world.run(lines(3));

    expect(isOvertaken).toBe(true);
    expect(output).toHaveLength(3);
    expect(answers.items.size).toBe(0);
  });
});

describe("a batch that wants no earlier answers", () => {
  it("has them called for also when sweep makes their message again", async () => {
    const world = worldOf(withCache(["a"], { cache: { ttlSeconds: 86_400, classes: ["internal"] } }));
    await world.run(lines(3));
    await world.upload("uploads/anew.jsonl", lines(3), { cache: "false" });
    await world.step();
    await world.step();
    world.queues.set("a-us-east-1-general", []);
    const calls = world.calls.length;

    world.advance(7_200_000);
    await world.sweep();
    await world.settle();

    expect(world.calls.length - calls).toBe(3);
  });

  it("says so in words that are understood, or fails", async () => {
    const world = worldOf(withCache(["a"]));
    const { batch } = await world.run(lines(3), { cache: "no" });

    expect(await world.stores.batches.read(batch)).toMatchObject({
      failure: 'The metadata x-amz-meta-cache must be "true" or "false".',
    });
  });
});
