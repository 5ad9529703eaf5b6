import { expect, it } from "vitest";
import type { BatchStore } from "../../lib/core/ports.ts";
import type { BatchEvent } from "../../lib/core/protocol/batch.ts";

/** The time that stores under this contract believe it is. */
export const contractNowMs = Date.UTC(2026, 10, 3, 12);

const create = (id: string, acceptedAtMs = contractNowMs): BatchEvent => ({
  type: "create",
  batch: {
    id,
    key: "uploads/a.jsonl",
    etag: '"abc"',
    bytes: 100,
    policy: "v1",
    acceptedAtMs,
    deadlineMs: acceptedAtMs + 86_400_000,
    defaults: { dataClass: "pii" },
  },
});
const planned = (chunks: number): BatchEvent => ({ type: "planned", chunks, lines: 5, blankLines: 1 });
const add = (number: number): BatchEvent => ({
  type: "add-chunk",
  number,
  counts: { succeeded: 2, failed: 1, cancelled: 0 },
  costNanoUsd: { "nova-lite": 10 },
});

/** What every batch store does; `make` gives one whose clock says `contractNowMs`, and an id that nobody has used. */
export function batchStoreContract(make: () => { store: BatchStore; id: string }): void {
  it("makes one batch of an upload announced twice", async () => {
    const { store, id } = make();

    const first = await store.apply(id, create(id));
    const second = await store.apply(id, create(id, contractNowMs + 5));

    expect(first).toMatchObject({ applied: true, batch: { id, state: "planning", defaults: { dataClass: "pii" } } });
    expect(second).toEqual({ applied: false, batch: first.batch });
    expect(await store.read(id)).toEqual(first.batch);
  });

  it("counts again only what is running, and only if its counts are those that were seen", async () => {
    const { store, id } = make();
    const seen = { succeeded: 2, failed: 1, cancelled: 0 };
    const counts = { succeeded: 4, failed: 1, cancelled: 0 };
    const recount = { type: "recount", seen, counts, costNanoUsd: { "gpt-mini": 7 } } as const;
    await store.apply(id, create(id));
    await store.apply(id, add(0));

    const planning = await store.apply(id, recount);
    await store.apply(id, planned(1));
    const stale = await store.apply(id, { ...recount, seen: counts });
    const counted = await store.apply(id, recount);

    expect([planning.applied, stale.applied, counted.applied]).toEqual([false, false, true]);
    expect(counted.batch).toMatchObject({ counts, costNanoUsd: { "gpt-mini": 7 } });
    expect(counted.batch?.costNanoUsd).not.toHaveProperty("nova-lite");
  });

  it("adds each chunk once, in any order, before or after the planning ends", async () => {
    const { store, id } = make();
    await store.apply(id, create(id));

    await store.apply(id, add(10));
    await store.apply(id, planned(3));
    await store.apply(id, add(2));
    const again = await store.apply(id, add(10));

    expect(again.applied).toBe(false);
    expect(again.batch).toMatchObject({
      state: "running",
      chunks: 3,
      chunksDone: [2, 10],
      counts: { succeeded: 4, failed: 2, cancelled: 0 },
      costNanoUsd: { "nova-lite": 20 },
    });
  });

  it("keeps every chunk that is added at once", async () => {
    const { store, id } = make();
    await store.apply(id, create(id));

    await Promise.all(Array.from({ length: 20 }, (_, index) => store.apply(id, add(index % 10))));

    const batch = await store.read(id);
    expect(batch?.chunksDone).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(batch?.counts.succeeded).toBe(20);
  });

  it("completes once, from running, and is announced after", async () => {
    const { store, id } = make();
    await store.apply(id, create(id));

    const early = await store.apply(id, { type: "complete", completedAtMs: 1, state: "completed" });
    const unannounced = await store.apply(id, { type: "announced" });
    await store.apply(id, planned(1));
    const done = await store.apply(id, { type: "complete", completedAtMs: 2, state: "completed" });
    const again = await store.apply(id, { type: "complete", completedAtMs: 3, state: "completed" });
    const announced = await store.apply(id, { type: "announced" });

    expect([early.applied, unannounced.applied, done.applied, again.applied]).toEqual([false, false, true, false]);
    expect(announced.batch).toMatchObject({ state: "completed", completedAtMs: 2, announced: true });
  });

  it("ends when the first collector says so", async () => {
    const { store, id } = make();
    await store.apply(id, create(id));

    const early = await store.apply(id, { type: "end", nowMs: 1 });
    await store.apply(id, planned(1));
    const first = await store.apply(id, { type: "end", nowMs: 2 });
    const second = await store.apply(id, { type: "end", nowMs: 3 });

    expect([early.applied, first.applied, second.applied]).toEqual([false, true, false]);
    expect(second.batch?.endedAtMs).toBe(2);
  });

  it("is cancelled once, at any time before it is over", async () => {
    const { store, id } = make();

    const unknown = await store.apply(id, { type: "cancel", nowMs: 1 });
    await store.apply(id, create(id));
    const first = await store.apply(id, { type: "cancel", nowMs: 2 });
    const again = await store.apply(id, { type: "cancel", nowMs: 3 });
    await store.apply(id, planned(1));
    const over = await store.apply(id, { type: "complete", completedAtMs: 4, state: "cancelled" });

    expect(unknown).toEqual({ applied: false, batch: undefined });
    expect(first).toMatchObject({ applied: true, batch: { state: "planning", cancelledAtMs: 2 } });
    expect(again).toEqual({ applied: false, batch: first.batch });
    expect(over).toMatchObject({ applied: true, batch: { state: "cancelled", cancelledAtMs: 2, completedAtMs: 4 } });
  });

  it("fails only while it is planned", async () => {
    const { store, id } = make();
    await store.apply(id, create(id));

    const failed = await store.apply(id, { type: "fail", completedAtMs: 2, failure: "The file is empty." });
    const after = await store.apply(id, planned(1));

    expect(failed.batch).toMatchObject({ state: "failed", failure: "The file is empty." });
    expect(after).toEqual({ applied: false, batch: failed.batch });
  });

  it("has nothing of a batch that nobody made", async () => {
    const { store, id } = make();

    expect(await store.apply(id, add(0))).toEqual({ applied: false, batch: undefined });
    expect(await store.read(id)).toBeUndefined();
  });

  it("lists the newest batches first, over days", async () => {
    const { store, id } = make();
    const daysBack = [0, 3, 25, 1];
    for (const days of daysBack)
      await store.apply(`${id}-${days}`, create(`${id}-${days}`, contractNowMs - days * 86_400_000));

    const all = (await store.list(1000)).map((batch) => batch.id).filter((name) => name.startsWith(`${id}-`));
    const newest = await store.list(2);

    expect(all).toEqual([`${id}-0`, `${id}-1`, `${id}-3`, `${id}-25`]);
    expect(newest).toHaveLength(2);
  });
}
