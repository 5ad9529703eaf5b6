import { describe, expect, it } from "vitest";
import type { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { ShardMessage } from "../../../lib/core/protocol/messages.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const ok: Answer = (_, { name }) => ({
  kind: "completed",
  response: { by: name },
  usage: { inputTokens: 10, outputTokens: 5 },
});

function lines(count: number, options?: object): string {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `${JSON.stringify(options)}-${index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: options === undefined ? "normal" : "high" }] },
      ...(options === undefined ? {} : { switchyard: options }),
    }),
  ).join("\n");
}

const high = { priority: "high" };

/** A chain whose lanes have a second queue each, unless it says otherwise; `limits` are those of its first deployment. */
function withPriority(names: string[], configured = true, requestsPerMinute?: number): PolicyDocument {
  const { version, policy } = chainOf(...names);
  const [first = ""] = names;
  const limited = policy.deployments[first];
  const limits = requestsPerMinute === undefined ? {} : { limits: { requestsPerMinute, share: { "us-east-1": 1 } } };
  return {
    version,
    policy: {
      ...policy,
      ...(configured ? { highPriorityQueues: true } : {}),
      deployments: { ...policy.deployments, ...(limited === undefined ? {} : { [first]: { ...limited, ...limits } }) },
    },
  };
}

function worldOf(document: PolicyDocument, answer: Answer = ok) {
  const startsMs = { normal: [0].slice(1), high: [0].slice(1) };
  const world = createWorld({
    document,
    router: simpleRouter(document),
    answer: (call, deployment, nowMs) => {
      startsMs[call.body.messages[0]?.content === "high" ? "high" : "normal"].push(nowMs);
      return answer(call, deployment, nowMs);
    },
  });
  const held = () =>
    Object.fromEntries(
      [...world.queues].flatMap(([name, messages]) =>
        messages.length === 0 || !name.includes("general")
          ? []
          : [[name, messages.map(({ body }) => ShardMessage.parse(JSON.parse(body)))]],
      ),
    );
  /** Plan and classify. */
  const classify = async () => {
    await world.step();
    await world.step();
  };
  return { ...world, startsMs, held, classify };
}

describe("jobs of high priority", () => {
  it("have shards and a queue of their own in their lane", async () => {
    const world = worldOf(withPriority(["a"]));
    await world.upload("uploads/x.jsonl", [lines(3), lines(2, high)].join("\n"));

    await world.classify();

    const held = world.held();
    expect(Object.keys(held).sort()).toEqual(["a-us-east-1-general", "a-us-east-1-general-high"]);
    expect(held["a-us-east-1-general"]?.map(({ priority }) => priority)).toEqual([undefined]);
    expect(held["a-us-east-1-general-high"]?.map(({ priority }) => priority)).toEqual(["high"]);
  });

  it("are as others are where no queue is configured for them", async () => {
    const world = worldOf(withPriority(["a"], false));
    const batch = await world.upload("uploads/x.jsonl", [lines(3), lines(2, high)].join("\n"));
    await world.classify();
    const queues = Object.keys(world.held());

    await world.settle();

    expect(queues).toEqual(["a-us-east-1-general"]);
    expect(world.read(batch, "output.jsonl")).toHaveLength(5);
  });

  it("are all of a batch that says so, but for the lines that say otherwise", async () => {
    const world = worldOf(withPriority(["a"]));
    const content = [lines(3), lines(2, { priority: "normal" })].join("\n");
    const batch = await world.upload("uploads/x.jsonl", content, { priority: "high" });
    await world.classify();

    const held = world.held();

    const linesOf = (queue: string) =>
      held[queue]?.flatMap(({ payload }) => (payload.kind === "inline" ? payload.payload.jobs : [])).length;
    expect(linesOf("a-us-east-1-general-high")).toBe(3);
    expect(linesOf("a-us-east-1-general")).toBe(2);
    await world.settle();
    expect(world.read(batch, "output.jsonl")).toHaveLength(5);
  });

  it("fail as a batch whose priority is none", async () => {
    const world = worldOf(withPriority(["a"]));
    const batch = await world.upload("uploads/x.jsonl", lines(3), { priority: "urgent" });

    await world.settle();

    expect(await world.stores.batches.read(batch)).toMatchObject({
      failure: 'The metadata x-amz-meta-priority must be "normal" or "high".',
    });
  });

  it("keep their priority when they fall back, in parts and as a whole", async () => {
    // The first deployment answers every other one, then none.
    let asked = 0;
    const world = worldOf(withPriority(["a", "b"]), (call, deployment, nowMs) => {
      asked += 1;
      return deployment.name === "a" && (asked % 2 === 0 || asked > 20)
        ? { kind: "failed", error: { kind: "quota-exceeded", detail: "429" } }
        : ok(call, deployment, nowMs);
    });
    const batch = await world.upload("uploads/x.jsonl", lines(40, high));
    const seen = new Map<string, Set<string | undefined>>();

    for (let more = true; more; more = await world.step())
      for (const [queue, messages] of Object.entries(world.held()))
        for (const { priority } of messages) seen.set(queue, new Set([...(seen.get(queue) ?? []), priority]));
    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(40);
    expect([...seen.keys()].sort()).toEqual([
      "a-us-east-1-general-dead",
      "a-us-east-1-general-high",
      "b-us-east-1-general-high",
    ]);
    expect([...seen.values()].every((priorities) => [...priorities].join() === "high")).toBe(true);
  });

  it("keep it when sweep makes their lost message again", async () => {
    const world = worldOf(withPriority(["a"]));
    const batch = await world.upload("uploads/x.jsonl", lines(4, high));
    await world.classify();
    world.queues.set("a-us-east-1-general-high", []);
    const seen = new Set<string>();

    for (let minutes = 0; minutes < 60 * 24 && !seen.has("a-us-east-1-general-high"); minutes += 10) {
      world.advance(600_000);
      await world.sweep();
      while (await world.step()) for (const queue of Object.keys(world.held())) seen.add(queue);
    }
    await world.settle();

    expect([...seen]).toEqual(["a-us-east-1-general-high"]);
    expect(world.read(batch, "output.jsonl")).toHaveLength(4);
  });

  it("start before all that waits for its turn at a limited deployment, and end first", async () => {
    const world = worldOf(withPriority(["a"], true, 60));
    const startedMs = world.now();
    // Ten minutes of others' turns; a thousand more stand behind them.
    await world.stores.limits.reserve("a", "turns", { nowMs: 0, spanMs: startedMs + 600_000, latestMs: 0 });
    const normal = await world.upload("uploads/normal.jsonl", lines(1000));
    const urgent = await world.upload("uploads/high.jsonl", lines(50, high));

    await world.settle();

    expect(world.read(normal, "output.jsonl")).toHaveLength(1000);
    expect(world.read(urgent, "output.jsonl")).toHaveLength(50);
    expect(Math.max(...world.startsMs.high) - startedMs).toBeLessThan(60_000);
    expect(Math.min(...world.startsMs.normal)).toBeGreaterThan(Math.max(...world.startsMs.high));
  });

  it("end at their deadline like others", async () => {
    const world = worldOf(withPriority(["a"], true, 30));
    const batch = await world.upload("uploads/x.jsonl", lines(400, { ...high, deadline: "5m" }));

    await world.settle();

    const ended = world.read(batch, "errors.jsonl");
    expect(world.read(batch, "output.jsonl").length + ended.length).toBe(400);
    expect(ended.length).toBeGreaterThan(0);
    expect(ended.every(({ error }) => /deadline-exceeded/.test(JSON.stringify(error)))).toBe(true);
  });
});
