import { describe, expect, it } from "vitest";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
const upload = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      custom_id: `job-${index}`,
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: `hello ${index}` }] },
    }),
  ).join("\n");

function setUp() {
  const document = chainOf("a");
  return createWorld({ document, router: simpleRouter(document), answer: ok });
}
type World = ReturnType<typeof setUp>;

/** Handles messages until one arrives in a queue of this name. */
async function until(world: World, queue: RegExp): Promise<string> {
  for (;;) {
    const name = [...world.queues].find(([each, held]) => queue.test(each) && held.length > 0)?.[0];
    if (name !== undefined) return name;
    if (!(await world.step())) throw new Error(`Nothing ever comes to ${queue}.`);
  }
}

describe("repairing a batch at once", () => {
  it.each([
    ["a lane's message", /general$/, { kind: "running", repairs: 1, requeued: 0, held: 0, waiting: 0 }],
    ["a chunk's message", /^chunks$/, { kind: "running", repairs: 0, requeued: 1, held: 0, waiting: 0 }],
    ["the request to collect", /^collect$/, { kind: "collecting" }],
  ] as const)("makes %s again that was lost, long before sweep would", async (_, name, outcome) => {
    const world = setUp();
    const startMs = world.now();
    const batch = await world.upload("uploads/x.jsonl", upload(5));
    world.queues.set(await until(world, name), []);

    const repaired = await world.repair(batch);
    await world.settle();

    expect(repaired).toEqual(outcome);
    expect(world.read(batch, "output.jsonl")).toHaveLength(5);
    expect(world.calls).toHaveLength(5);
    expect(world.now() - startMs).toBeLessThan(5 * 60_000);
  });

  it("does not make again what is on its way, held or over", async () => {
    const world = setUp();
    const batch = await world.upload("uploads/x.jsonl", upload(5));
    await until(world, /general$/);

    const outcomes = [await world.repair(batch), await world.repair(batch)];
    await world.settle();

    expect(outcomes).toMatchObject([{ repairs: 1 }, { repairs: 0 }]);
    expect(world.calls).toHaveLength(5);
    expect(await world.repair(batch)).toEqual({ kind: "over" });
    expect(await world.repair("b-unknown")).toEqual({ kind: "unknown" });
  });
});

describe("a batch whose counts do not add up", () => {
  async function withWrongCounts() {
    const world = setUp();
    const batch = await world.upload("uploads/x.jsonl", upload(5));
    world.queues.set(await until(world, /^collect$/), []);
    const item = world.stores.batches.items.get(batch);
    if (item === undefined) throw new Error("There is no batch.");
    item.counts.succeeded = 3;
    item.costNanoUsd = {};
    return { world, batch };
  }

  it("is added up again from its chunks, and collected", async () => {
    const { world, batch } = await withWrongCounts();
    world.advance(30 * 60_000);

    const told: string[][] = [];
    const swept = await world.sweep((...what) => told.push(what));
    await world.settle();

    expect(swept).toMatchObject({ recounted: 1, wrong: 0, collects: 1 });
    expect(told).toEqual([[batch, "recounted"]]);
    const item = world.stores.batches.items.get(batch);
    expect(item).toMatchObject({ state: "completed", counts: { succeeded: 5, failed: 0, cancelled: 0 } });
    expect(item?.costNanoUsd.a).toBeGreaterThan(0);
    expect(world.read(batch, "output.jsonl")).toHaveLength(5);
  });

  it("is left and told of every minute where its chunks do not add up either", async () => {
    const { world, batch } = await withWrongCounts();
    const { items } = world.stores.chunks;
    const chunk = items.get(`${batch}/0`);
    if (chunk === undefined) throw new Error("There is no chunk.");
    items.set(`${batch}/0`, { ...chunk, counts: { ...chunk.counts, succeeded: 4 } });
    world.advance(30 * 60_000);

    const swept = [await world.sweep(), await world.sweep()];

    expect(swept).toMatchObject([
      { recounted: 0, wrong: 1, collects: 0 },
      { recounted: 0, wrong: 1, collects: 0 },
    ]);
    expect(world.stores.batches.items.get(batch)).toMatchObject({ state: "running", counts: { succeeded: 3 } });
  });
});
