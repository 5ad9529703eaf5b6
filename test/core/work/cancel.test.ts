import { describe, expect, it } from "vitest";
import { createCancellations } from "../../../lib/core/work/cancellations.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
const ids = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);
const upload = (count: number) =>
  ids(count)
    .map((id) => ({ model: "auto", messages: [{ role: "user", content: `hello ${id}` }], id }))
    .map(({ id, ...body }) => JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body }))
    .join("\n");

describe("a cancelled batch", () => {
  it("runs nothing when it was not classified yet, and accounts for every line", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", `${upload(300)}\nno json`);
    await world.step();

    const outcome = await world.cancel(batch);
    await world.settle();

    expect(outcome.kind).toBe("cancelled");
    expect(world.calls).toEqual([]);
    expect(world.read(batch, "output.jsonl")).toEqual([]);
    const errors = world.read(batch, "errors.jsonl");
    expect(errors.map(({ custom_id }) => custom_id)).toEqual([...ids(300), null]);
    expect(errors[0]).toMatchObject({ error: { code: "cancelled" }, switchyard: { line: 1, costUsd: 0 } });
    expect(errors[300]).toMatchObject({ error: { code: "invalid-line" } });
    const counts = { succeeded: 0, failed: 1, cancelled: 300 };
    expect(world.stores.batches.items.get(batch)).toMatchObject({ state: "cancelled", counts, announced: true });
    expect(world.events).toMatchObject([{ state: "cancelled", counts: { accepted: 301, ...counts } }]);
    const records = await world.audit(batch);
    expect(records.filter(({ code }) => code === "cancelled")).toHaveLength(300);
  });

  it("lets what is in flight finish, and calls no more a few seconds later", async () => {
    const document = chainOf("a");
    const answer: Answer = (call, deployment, nowMs) => {
      world.advance(1000);
      if (world.calls.length === 10) void world.cancel(batch);
      return ok(call, deployment, nowMs);
    };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", upload(100));

    await world.settle();

    const { counts, cancelledAtMs = 0 } = world.stores.batches.items.get(batch) ?? { counts: undefined };
    expect(counts?.succeeded).toBe(world.calls.length);
    expect(world.calls.length).toBeGreaterThanOrEqual(10);
    expect(world.calls.filter(({ atMs }) => atMs > cancelledAtMs + 3000)).toEqual([]);
    expect(counts).toEqual({ succeeded: world.calls.length, failed: 0, cancelled: 100 - world.calls.length });
    const ends = (await world.audit(batch)).flatMap((record) => (record.kind === "hop" ? [record.result] : []));
    expect(ends.filter((result) => result === "cancelled")).toHaveLength(counts?.cancelled ?? 0);
  });

  it("ends within minutes while its jobs wait for hours", async () => {
    const document = chainOf("a");
    const answer: Answer = () => ({
      kind: "failed",
      error: { kind: "rate-limited", detail: "429", retryAfterMs: 5 * 3_600_000 },
    });
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", upload(20));
    while (await world.step());
    const called = world.calls.length;

    await world.cancel(batch);
    await world.settle();

    const item = world.stores.batches.items.get(batch);
    expect(item).toMatchObject({ state: "cancelled", counts: { succeeded: 0, failed: 0, cancelled: 20 } });
    expect((item?.completedAtMs ?? 0) - (item?.cancelledAtMs ?? 0)).toBeLessThanOrEqual(3 * 60_000);
    expect(world.calls).toHaveLength(called);
  });

  it("needs no message that was lost, nor its upload", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", upload(450));
    await world.step();
    await world.step();
    for (const name of world.queues.keys()) world.queues.set(name, []);
    world.stores.intake.items.delete("uploads/x.jsonl");

    await world.cancel(batch);
    await world.settle();

    const item = world.stores.batches.items.get(batch);
    expect(item).toMatchObject({ state: "cancelled", counts: { succeeded: 0, failed: 0, cancelled: 450 } });
    expect((item?.completedAtMs ?? 0) - (item?.cancelledAtMs ?? 0)).toBeLessThanOrEqual(8 * 60_000);
  });

  it("keeps the answers of a worker that was lost before it could commit them", async () => {
    const document = chainOf("a");
    let writes = 0;
    const answer: Answer = (call, deployment, nowMs) => {
      answered = true;
      return ok(call, deployment, nowMs);
    };
    let answered = false;
    // After the answers: before and after the segment's put; then, before the commit, the end.
    const crashAt = () => answered && ++writes === 3;
    const world = createWorld({ document, router: simpleRouter(document), answer, crashAt });
    const batch = await world.upload("uploads/x.jsonl", upload(20));
    while (await world.step());

    await world.cancel(batch);
    await world.settle();

    expect(world.calls).toHaveLength(20);
    expect(world.stores.batches.items.get(batch)).toMatchObject({
      state: "completed",
      counts: { succeeded: 20, failed: 0, cancelled: 0 },
    });
  });

  it("follows a lost owner's segment into its children, though their bytes are gone", async () => {
    const document = chainOf("a", "b");
    let answered = false;
    let writes = 0;
    const answer: Answer = () => {
      answered = true;
      return { kind: "failed", error: { kind: "auth", detail: "401" } };
    };
    // After the calls: before and after the segment's put; then, before the commit, the end.
    const crashAt = () => answered && ++writes === 3;
    const world = createWorld({ document, router: simpleRouter(document), answer, crashAt });
    const batch = await world.upload("uploads/x.jsonl", upload(20));
    while (!answered && (await world.step()));
    for (const name of world.queues.keys()) world.queues.set(name, []);
    world.stores.intake.items.delete("uploads/x.jsonl");
    const called = world.calls.length;

    await world.cancel(batch);
    await world.settle();

    expect(world.calls).toHaveLength(called);
    expect(world.stores.batches.items.get(batch)).toMatchObject({
      state: "cancelled",
      counts: { succeeded: 0, failed: 0, cancelled: 20 },
    });
    const [first] = world.read(batch, "errors.jsonl");
    expect(first).toMatchObject({ error: { code: "cancelled" }, switchyard: { attempts: [{ outcome: "auth" }] } });
  });

  it("is cancelled once; one that is over, or not known, says so", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", upload(3));

    const early = await world.cancel(batch);
    await world.step();
    const outcomes = [await world.cancel(batch), await world.cancel(batch)];
    await world.settle();

    expect(early.kind).toBe("unknown");
    expect(outcomes.map(({ kind }) => kind)).toEqual(["cancelled", "already-cancelled"]);
    expect(await world.cancel(batch)).toMatchObject({ kind: "over", batch: { state: "cancelled" } });
  });
});

describe("what a worker knows of cancellations", () => {
  it("costs one read in three seconds, however many jobs ask, and none once it is known", async () => {
    let nowMs = 0;
    let reads = 0;
    let cancelled = false;
    const batches = {
      read: async () => {
        reads += 1;
        const batch = { id: "b", key: "k", etag: "e", bytes: 1, policy: "v", acceptedAtMs: 0, deadlineMs: 9 };
        const rest = { defaults: {}, chunksDone: [], costNanoUsd: {}, collectAskedAtMs: 0, state: "running" as const };
        const counts = { succeeded: 0, failed: 0, cancelled: 0 };
        return { ...batch, ...rest, counts, ...(cancelled ? { cancelledAtMs: 1 } : {}) };
      },
    };
    const cancellations = createCancellations({ clock: () => nowMs, batches });
    const ask = () => Promise.all(Array.from({ length: 100 }, () => cancellations.has("b")));

    const before = await ask();
    cancelled = true;
    nowMs = 2999;
    const soon = await ask();
    nowMs = 3000;
    const after = await ask();
    nowMs = 1e9;
    await ask();

    expect([before, soon, after].map((answers) => new Set(answers))).toEqual([
      new Set([false]),
      new Set([false]),
      new Set([true]),
    ]);
    expect(reads).toBe(2);
    expect(await cancellations.has(undefined)).toBe(false);
  });

  it("is what it was while the table does not answer", async () => {
    let nowMs = 0;
    let reads = 0;
    const batches = {
      read: async () => {
        reads += 1;
        throw new Error("throttled");
      },
    };
    const cancellations = createCancellations({ clock: () => nowMs, batches });

    await expect(cancellations.has("b")).rejects.toThrow("throttled");
    const meanwhile = await cancellations.has("b");
    nowMs = 3000;
    await expect(cancellations.has("b")).rejects.toThrow("throttled");

    expect(meanwhile).toBe(false);
    expect(reads).toBe(2);
  });
});
