import { expect, it } from "vitest";
import type { ChunkStore } from "../../lib/core/ports.ts";
import type { ChunkEvent } from "../../lib/core/protocol/chunk.ts";
import { noCounts } from "../../lib/core/protocol/counts.ts";
import { freshShard } from "../../lib/core/protocol/shard.ts";

const root = (from: number, lines: number) => freshShard({ deployment: "nova-lite", zone: "general", lines, from });

const plan = {
  type: "plan" as const,
  adHoc: false,
  batch: "b-1",
  number: 0,
  plan: "plans/b-1/0/try.json",
  policy: "v1",
  plannedAtMs: 1000,
  lines: 7,
  shards: { "0": root(0, 3), "1": root(3, 2) },
  counts: { succeeded: 0, failed: 2, cancelled: 0 },
} satisfies ChunkEvent;
const claim = (nowMs: number) => ({ type: "claim", shard: "0", nowMs, leaseUntilMs: nowMs + 100 }) satisfies ChunkEvent;
const commit = (fence: number) =>
  ({
    type: "commit" as const,
    shard: "0",
    fence,
    segment: String(fence),
    counts: { succeeded: 2, failed: 0, cancelled: 0 },
    costNanoUsd: { "nova-lite": 5, "gpt.mini": 7 },
    children: { "0.0": freshShard({ deployment: "gpt.mini", zone: "general", lines: 1, pick: "BA==" }) },
  }) satisfies ChunkEvent;

/** What every chunk store does; `make` gives one and an id that nobody has used. */
export function chunkStoreContract(make: () => { store: ChunkStore; id: string }): void {
  it("has no chunk before it is planned", async () => {
    const { store, id } = make();

    expect(await store.read(id)).toBeUndefined();
    expect(await store.apply(id, claim(0))).toEqual({ kind: "refused", because: "absent", chunk: undefined });
  });

  it("plans a chunk once, and names the plan that counts to whoever comes later", async () => {
    const { store, id } = make();

    const first = await store.apply(id, plan);
    const second = await store.apply(id, { ...plan, plan: "plans/b-1/0/other.json" });

    expect(first.kind).toBe("applied");
    expect(second).toMatchObject({ kind: "refused", because: "planned", chunk: { plan: plan.plan, batch: "b-1" } });
    expect(await store.read(id)).toEqual(first.chunk);
  });

  it("gives back exactly what was put in", async () => {
    const { store, id } = make();

    const { chunk } = await store.apply(id, plan);

    expect(chunk).toEqual({
      state: "planned",
      batch: "b-1",
      number: 0,
      plan: plan.plan,
      policy: "v1",
      plannedAtMs: 1000,
      lines: 7,
      shards: plan.shards,
      nested: {},
      counts: plan.counts,
      costNanoUsd: {},
    });
  });

  it("lets one owner claim, until its lease is over", async () => {
    const { store, id } = make();
    await store.apply(id, plan);

    const first = await store.apply(id, claim(1000));
    const early = await store.apply(id, claim(1099));
    const late = await store.apply(id, claim(1100));

    expect(first.chunk?.shards["0"]).toMatchObject({ fence: 1, leaseUntilMs: 1100, foundLeaseMs: 0 });
    expect(early).toMatchObject({ kind: "refused", because: "leased" });
    expect(late.chunk?.shards["0"]).toMatchObject({ fence: 2, leaseUntilMs: 1200, foundLeaseMs: 1100 });
  });

  it("refuses the commit of an owner that was overtaken", async () => {
    const { store, id } = make();
    await store.apply(id, plan);
    await store.apply(id, claim(1000));
    await store.apply(id, claim(2000));

    const stale = await store.apply(id, commit(1));
    const current = await store.apply(id, commit(2));

    expect(stale).toMatchObject({ kind: "refused", because: "fenced" });
    expect(current).toMatchObject({ kind: "applied" });
    expect(current.chunk?.shards["0"]).toMatchObject({ state: "closed", segment: "2", leaseUntilMs: 0 });
  });

  it("adds counts, cost and children of a commit once", async () => {
    const { store, id } = make();
    await store.apply(id, plan);
    await store.apply(id, claim(1000));

    const first = await store.apply(id, commit(1));
    const again = await store.apply(id, commit(1));

    expect(again).toEqual({ kind: "refused", because: "closed", chunk: first.chunk });
    expect(first.chunk).toMatchObject({
      counts: { succeeded: 2, failed: 2, cancelled: 0 },
      costNanoUsd: { "nova-lite": 5, "gpt.mini": 7 },
      shards: { "0.0": { state: "open", fence: 0, deployment: "gpt.mini" } },
    });
  });

  it("gives a released shard to the next, bound for where the release says", async () => {
    const { store, id } = make();
    await store.apply(id, plan);
    await store.apply(id, claim(1000));
    const move = { deployment: "gpt.mini", round: 1, excluded: { "nova-lite": "transient" as const }, notBeforeMs: 1 };

    await store.apply(id, { type: "release", shard: "0", fence: 1, move });
    const next = await store.apply(id, claim(1001));

    expect(next.chunk?.shards["0"]).toMatchObject({ ...move, fence: 2, foundLeaseMs: 0 });
  });

  it("repairs a shard that nobody holds, and not one that was claimed since", async () => {
    const { store, id } = make();
    await store.apply(id, plan);
    await store.apply(id, claim(1000));

    const held = await store.apply(id, { type: "repair", shard: "0", fence: 1, nowMs: 1099 });
    const repaired = await store.apply(id, { type: "repair", shard: "0", fence: 1, nowMs: 1100 });
    const late = await store.apply(id, { type: "repair", shard: "0", fence: 0, nowMs: 9000 });

    expect(held).toMatchObject({ kind: "refused", because: "leased" });
    expect(repaired.chunk?.shards["0"]).toMatchObject({ state: "open", fence: 1, repairedAtMs: 1100 });
    expect(late).toMatchObject({ kind: "refused", because: "fenced" });
  });

  it("plans an ad-hoc chunk only while it is forming", async () => {
    const { store, id } = make();
    const { batch: _batch, number: _number, ...rest } = plan;
    const adHoc = { ...rest, adHoc: true };

    const unformed = await store.apply(id, adHoc);
    await store.apply(id, { type: "form", formingUntilMs: 500 });
    const early = await store.apply(id, { type: "abandon", nowMs: 499 });
    const abandoned = await store.apply(id, { type: "abandon", nowMs: 500 });
    const planned = await store.apply(id, adHoc);

    expect(unformed).toMatchObject({ kind: "refused", because: "absent" });
    expect(early).toMatchObject({ kind: "refused", because: "leased" });
    expect(abandoned).toMatchObject({ kind: "applied", chunk: { state: "abandoned" } });
    expect(planned).toMatchObject({ kind: "refused", because: "abandoned" });
  });

  it("takes a commit of many children in one update", async () => {
    const { store, id } = make();
    await store.apply(id, { ...plan, shards: { "0": root(0, 50) } });
    await store.apply(id, claim(0));
    const children = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [
        `0.${index}`,
        freshShard({ deployment: "nova-lite", zone: "general", lines: 1, pick: "A".repeat(36), alone: true }),
      ]),
    );

    const { kind, chunk } = await store.apply(id, { ...commit(1), children, counts: noCounts });

    expect(kind).toBe("applied");
    expect(chunk?.shards["0.49"]).toEqual(children["0.49"]);
  });

  it("gives a shard that many claim at once to one of them", async () => {
    const { store, id } = make();
    await store.apply(id, plan);

    const claims = await Promise.all(Array.from({ length: 8 }, () => store.apply(id, claim(1000))));

    expect(claims.filter(({ kind }) => kind === "applied")).toHaveLength(1);
  });

  it("keeps every commit of different shards made at once", async () => {
    const { store, id } = make();
    const names = Array.from({ length: 20 }, (_, index) => String(index));
    const shards = Object.fromEntries(names.map((name, index) => [name, root(index * 3, 3)]));
    await store.apply(id, { ...plan, shards, counts: noCounts });

    await Promise.all(
      names.map(async (shard) => {
        await store.apply(id, { type: "claim", shard, nowMs: 0, leaseUntilMs: 100 });
        await store.apply(id, {
          type: "commit",
          shard,
          fence: 1,
          segment: "1",
          counts: { succeeded: 3, failed: 0, cancelled: 0 },
          costNanoUsd: { "nova-lite": 11 },
          children: {},
        });
      }),
    );

    const chunk = await store.read(id);
    expect(chunk?.counts.succeeded).toBe(60);
    expect(chunk?.costNanoUsd).toEqual({ "nova-lite": 220 });
  });
}
