import { describe, expect, it } from "vitest";
import type {
  AnswerPointer,
  AnswerStore,
  CooldownStore,
  JobStore,
  LatencyStore,
  LimitStore,
  OpenStore,
  PolicyStore,
  UseCounter,
} from "../../lib/core/ports.ts";
import { policyDocument } from "../fakes/policy-document.ts";

export type SmallStores = {
  open: OpenStore;
  jobs: JobStore;
  answers: AnswerStore;
  cooldowns: CooldownStore;
  latencies: LatencyStore;
  /** As one worker holds it; workers share what is stored. */
  newLimits: () => LimitStore;
  use: UseCounter;
  /** One that holds nothing yet. */
  newPolicy: () => Promise<PolicyStore>;
};

/** What the stores of markers, jobs, cooldowns, use and policy do; `unique` gives a name that nobody has used. */
export function smallStoresContract(stores: () => SmallStores, unique: () => string): void {
  describe("open markers", () => {
    it("lists what was added and not removed, with its first time", async () => {
      const { open } = stores();
      const ids = Array.from({ length: 12 }, () => unique());
      for (const id of ids) await open.add({ kind: "batch", id, sinceMs: 10 });
      const [first = "", second = "", ...rest] = ids;

      await open.add({ kind: "batch", id: second, sinceMs: 99 });
      await open.remove({ kind: "batch", id: first });
      await open.remove({ kind: "chunk", id: second });
      await open.remove({ kind: "batch", id: first });

      const listed = (await Array.fromAsync(open.list())).filter(({ id }) => ids.includes(id));
      expect(listed.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
        [second, ...rest].toSorted().map((id) => ({ kind: "batch", id, sinceMs: 10 })),
      );
    });
  });

  describe("places of answers", () => {
    const pointer = (line: number): AnswerPointer => ({
      chunk: "b-1/0",
      shard: "3.1",
      segment: "2",
      line,
      from: 120,
      to: 4096,
      atMs: 1_795_000_000_000,
      costNanoUsd: 12_345,
    });

    it("gives those that are there of however many are asked for", async () => {
      const { answers } = stores();
      const names = Array.from({ length: 130 }, () => unique());
      const there = names.filter((_, index) => index % 10 === 0);
      for (const [line, name] of there.entries()) await answers.put(name, pointer(line), 1_900_000_000_000);

      const read = await answers.read(names);

      expect([...read.keys()].toSorted()).toEqual(there.toSorted());
      expect(read.get(there[3] ?? "")).toEqual(pointer(3));
    });

    it("puts a later one in the place of an earlier", async () => {
      const { answers } = stores();
      const name = unique();
      await answers.put(name, pointer(1), 1_900_000_000_000);
      await answers.put(name, pointer(2), 1_900_000_000_000);

      expect(await answers.read([name])).toEqual(new Map([[name, pointer(2)]]));
    });
  });

  describe("job pointers", () => {
    it("points a job once", async () => {
      const { jobs } = stores();
      const job = unique();

      expect(await jobs.read(job)).toBeUndefined();
      expect(await jobs.claim(job, { chunk: "a", line: 0 })).toEqual({ kind: "claimed" });
      expect(await jobs.claim(job, { chunk: "b", line: 4 })).toEqual({ kind: "taken", by: { chunk: "a", line: 0 } });
      expect(await jobs.read(job)).toEqual({ chunk: "a", line: 0 });
    });

    it("lets a maker repeat its claim, but not for another line", async () => {
      const { jobs } = stores();
      const job = unique();
      await jobs.claim(job, { chunk: "a", line: 0 });

      expect(await jobs.claim(job, { chunk: "a", line: 0 })).toEqual({ kind: "claimed" });
      expect(await jobs.claim(job, { chunk: "a", line: 1 })).toEqual({ kind: "taken", by: { chunk: "a", line: 0 } });
    });

    it("takes a job over from the abandoned chunk that has it, and from no other", async () => {
      const { jobs } = stores();
      const job = unique();
      await jobs.claim(job, { chunk: "a", line: 0 });

      expect(await jobs.claim(job, { chunk: "b", line: 4 }, "c")).toMatchObject({ kind: "taken" });
      expect(await jobs.claim(job, { chunk: "b", line: 4 }, "a")).toEqual({ kind: "claimed" });
      expect(await jobs.claim(job, { chunk: "d", line: 2 }, "a")).toMatchObject({ kind: "taken", by: { chunk: "b" } });
    });

    it("gives a job that many claim at once to one of them", async () => {
      const { jobs } = stores();
      const job = unique();

      const claims = await Promise.all(
        Array.from({ length: 8 }, (_, line) => jobs.claim(job, { chunk: `maker-${line}`, line })),
      );

      expect(claims.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
    });
  });

  describe("cooldowns", () => {
    const rest = (untilMs: number, level = 1) => ({ untilMs, level, kind: "overload" as const, sinceMs: 1 });

    it("only move later", async () => {
      const { cooldowns } = stores();
      const name = unique();

      await cooldowns.cool(name, rest(2000, 2));
      await cooldowns.cool(name, rest(1000, 1));
      await cooldowns.cool(name, { ...rest(2000, 9), kind: "auth" });

      expect(await cooldowns.read([name])).toEqual(new Map([[name, { ...rest(2000, 2), probeUntilMs: 0 }]]));
    });

    it("are read for many deployments at once, and are absent for those that never rested", async () => {
      const { cooldowns } = stores();
      const names = Array.from({ length: 130 }, () => unique());
      const rested = names.filter((_, index) => index % 50 === 0);
      for (const name of rested) await cooldowns.cool(name, rest(5));

      const read = await cooldowns.read([...names, ...rested]);

      expect([...read.keys()].toSorted()).toEqual(rested.toSorted());
      expect(await cooldowns.read([])).toEqual(new Map());
    });

    it("give the probe to one, after the end, until its lease is over", async () => {
      const { cooldowns } = stores();
      const name = unique();
      await cooldowns.cool(name, rest(1000));

      const early = await cooldowns.leaseProbe(name, 999, 1500);
      const leases = await Promise.all(Array.from({ length: 5 }, () => cooldowns.leaseProbe(name, 1000, 1500)));
      const later = await cooldowns.leaseProbe(name, 1500, 2000);
      const unrested = await cooldowns.leaseProbe(unique(), 1000, 1500);

      expect(early).toBe(false);
      expect(leases.filter(Boolean)).toHaveLength(1);
      expect(later).toBe(true);
      expect(unrested).toBe(false);
    });

    it("are over after a probe that succeeded, unless a later one began", async () => {
      const { cooldowns } = stores();
      const [recovered, cooledAgain] = [unique(), unique()];
      for (const name of [recovered, cooledAgain]) await cooldowns.cool(name, rest(1000));
      await cooldowns.cool(cooledAgain, rest(3000, 2));

      for (const name of [recovered, cooledAgain]) await cooldowns.recover(name, 1000);
      await cooldowns.recover(unique(), 1000);

      const read = await cooldowns.read([recovered, cooledAgain]);
      expect(read.get(recovered)?.level ?? 0).toBe(0);
      expect(read.get(cooledAgain)).toMatchObject({ untilMs: 3000, level: 2 });
      expect(await cooldowns.leaseProbe(recovered, 5000, 6000)).toBe(false);
    });

    it("stand beside a pause, which neither they nor a recovery end", async () => {
      const { cooldowns } = stores();
      const [rested, well] = [unique(), unique()];
      await cooldowns.cool(rested, rest(1000));
      const pause = { sinceMs: 500, reason: "strange answers", by: "ann" };

      for (const name of [rested, well]) await cooldowns.pause(name, pause);
      const probe = await cooldowns.leaseProbe(rested, 1000, 1500);
      await cooldowns.cool(rested, rest(2000, 2));
      await cooldowns.recover(rested, 2000);
      const read = await cooldowns.read([rested, well]);

      expect(probe).toBe(false);
      expect(read.get(rested)).toEqual({ ...rest(2000, 0), probeUntilMs: 0, paused: pause });
      expect(read.get(well)).toMatchObject({ level: 0, untilMs: 0, paused: pause });
    });

    it("can be probed again once a pause has ended or was taken back", async () => {
      const { cooldowns } = stores();
      const [ended, taken] = [unique(), unique()];
      for (const name of [ended, taken]) await cooldowns.cool(name, rest(1000));
      await cooldowns.pause(ended, { sinceMs: 500, untilMs: 1200 });
      await cooldowns.pause(taken, { sinceMs: 500 });

      const early = await cooldowns.leaseProbe(ended, 1199, 1500);
      const resumed = [await cooldowns.resume(taken), await cooldowns.resume(taken), await cooldowns.resume(unique())];

      expect(early).toBe(false);
      expect(await cooldowns.leaseProbe(ended, 1200, 1500)).toBe(true);
      expect(resumed).toEqual([true, false, false]);
      expect(await cooldowns.leaseProbe(taken, 1200, 1500)).toBe(true);
    });

    it("that a person ends are over, and do not hold up a later one that ends earlier", async () => {
      const { cooldowns } = stores();
      const name = unique();
      await cooldowns.cool(name, rest(9000, 3));

      expect(await cooldowns.clear(name, 9000)).toBe(true);
      expect(await cooldowns.clear(name, 9000)).toBe(false);

      expect((await cooldowns.read([name])).get(name)?.level).toBe(0);
      await cooldowns.cool(name, rest(4000));
      expect((await cooldowns.read([name])).get(name)).toMatchObject({ untilMs: 4000, level: 1 });
    });

    it("are ended by a person only if they are the one that was seen, and never a pause with them", async () => {
      const { cooldowns } = stores();
      const name = unique();
      const paused = { sinceMs: 1000, untilMs: 20_000 };
      await cooldowns.cool(name, rest(9000, 3));
      await cooldowns.pause(name, paused);

      expect(await cooldowns.clear(name, 8000)).toBe(false);
      expect(await cooldowns.clear(unique(), 9000)).toBe(false);
      expect((await cooldowns.read([name])).get(name)).toMatchObject(rest(9000, 3));
      expect(await cooldowns.clear(name, 9000)).toBe(true);
      expect((await cooldowns.read([name])).get(name)).toMatchObject({ level: 0, paused });
    });

    it("that come again after a recovery start with nobody probing", async () => {
      const { cooldowns } = stores();
      const name = unique();
      await cooldowns.cool(name, rest(1000));
      await cooldowns.leaseProbe(name, 1000, 9000);

      await cooldowns.cool(name, rest(2000, 2));

      expect(await cooldowns.leaseProbe(name, 2000, 3000)).toBe(true);
    });
  });

  describe("limits", () => {
    const wish = (nowMs: number, spanMs: number, latestMs = Number.MAX_SAFE_INTEGER) => ({ nowMs, spanMs, latestMs });

    it("give out one stretch of a line after the other, from now on", async () => {
      const limits = stores().newLimits();
      const name = unique();

      expect(await limits.reserve(name, "requests", wish(1000, 250.5))).toEqual({ kind: "reserved", startMs: 1000 });
      expect(await limits.reserve(name, "requests", wish(1000, 100))).toEqual({ kind: "reserved", startMs: 1250.5 });
      expect(await limits.reserve(name, "tokens", wish(1000, 100))).toEqual({ kind: "reserved", startMs: 1000 });
      expect(await limits.reserve(name, "requests", wish(9000, 100))).toEqual({ kind: "reserved", startMs: 9000 });
      expect(await limits.read(name)).toEqual({ requests: 9100, tokens: 1100 });
      expect(await limits.read(unique())).toEqual({});
    });

    it("refuse what would start too late, with when it could, and keep the line as it is", async () => {
      const limits = stores().newLimits();
      const name = unique();
      await limits.reserve(name, "turns", wish(1000, 5000));

      expect(await limits.reserve(name, "turns", wish(1000, 1, 5999))).toEqual({ kind: "refused", dueMs: 6000 });
      expect(await limits.reserve(name, "turns", wish(1000, 1, 6000))).toEqual({ kind: "reserved", startMs: 6000 });
    });

    it("only move later, also for a worker whose clock is behind", async () => {
      const [ahead, behind] = [stores().newLimits(), stores().newLimits()];
      const name = unique();
      await behind.reserve(name, "requests", wish(1000, 10));
      await ahead.reserve(name, "requests", wish(8000, 10));

      expect(await behind.reserve(name, "requests", wish(1100, 10))).toEqual({ kind: "reserved", startMs: 8010 });
    });

    it("give no stretch to two of many workers that ask at once", async () => {
      const name = unique();
      const workers = Array.from({ length: 6 }, () => stores().newLimits());

      const taken = await Promise.all(
        workers.map(async (worker) => [
          await worker.reserve(name, "requests", wish(1000, 10)),
          await worker.reserve(name, "requests", wish(1000, 10)),
        ]),
      );

      const starts = taken.flat().flatMap((each) => (each.kind === "reserved" ? [each.startMs] : []));
      expect(new Set(starts).size).toBe(starts.length);
      expect(starts.length).toBeGreaterThanOrEqual(6);
    });
  });

  describe("latencies", () => {
    it("are a mean over invocations in which many answers weigh more", async () => {
      const { latencies } = stores();
      const [one, other] = [unique(), unique()];

      await latencies.add(one, { medianMs: 1000, answers: 7 });
      await latencies.add(one, { medianMs: 2000, answers: 50 });
      await latencies.add(other, { medianMs: 12.5, answers: 1 });

      const read = await latencies.read([one, other, unique()]);
      expect([...read].map(([name, { medianMs }]) => [name, medianMs]).toSorted()).toEqual(
        [
          [one, 1500],
          [other, 12.5],
        ].toSorted(),
      );
    });
  });

  describe("use", () => {
    it("adds up per day and deployment", async () => {
      const { use } = stores();
      const day = unique();
      const one = { jobs: 1, attempts: 2, failures: 1, costNanoUsd: 1_500_000_000 };

      await Promise.all(Array.from({ length: 5 }, () => use.add(day, new Map([["nova-lite", one]]))));
      await use.add(day, new Map([["gpt.mini", one]]));
      await use.add(day, new Map());

      expect(await use.read(day)).toEqual(
        new Map([
          ["nova-lite", { jobs: 5, attempts: 10, failures: 5, costNanoUsd: 7_500_000_000 }],
          ["gpt.mini", one],
        ]),
      );
      expect(await use.read(unique())).toEqual(new Map());
    });
  });

  describe("policy", () => {
    it("makes the version of a newer deploy current, and never that of an older or the same", async () => {
      const policy = await stores().newPolicy();

      expect(await policy.current()).toBeUndefined();
      expect(await policy.adopt({ version: "v1", generation: 100, format: "f" })).toBe(true);
      expect(await policy.adopt({ version: "v0", generation: 99 })).toBe(false);
      expect(await policy.adopt({ version: "v9", generation: 100 })).toBe(false);
      expect(await policy.current()).toMatchObject({ version: "v1", generation: 100, deployed: { format: "f" } });
      expect(await policy.adopt({ version: "v2", generation: 101 })).toBe(true);
      expect(await policy.current()).toMatchObject({
        version: "v2",
        generation: 101,
        deployed: { version: "v2", generation: 101 },
        history: [
          { version: "v1", how: "deploy" },
          { version: "v2", how: "deploy" },
        ],
      });
    });

    it("lets one of many functions of a deploy adopt it", async () => {
      const policy = await stores().newPolicy();

      const adopted = await Promise.all(
        Array.from({ length: 6 }, () => policy.adopt({ version: "v1", generation: 100 })),
      );

      expect(adopted.filter(Boolean)).toHaveLength(1);
      expect((await policy.current())?.history).toHaveLength(1);
    });

    it("replaces what is current only while it is what was seen, until a newer deploy", async () => {
      const policy = await stores().newPolicy();
      await policy.adopt({ version: "v1", generation: 100 });
      const seen = await policy.current();
      if (seen === undefined) throw new Error("Nothing is current.");
      const publication = { version: "v2", how: "publish", atMs: 5, by: "ann", note: "cheaper" } as const;

      const replaced = await Promise.all([
        policy.replace(seen, publication),
        policy.replace(seen, { ...publication, version: "v3" }),
      ]);
      const adoptedAgain = await policy.adopt({ version: "v1", generation: 100 });
      const after = await policy.current();
      const adoptedNewer = await policy.adopt({ version: "v1", generation: 101 });

      expect(replaced.toSorted()).toEqual([false, true]);
      expect(adoptedAgain).toBe(false);
      expect(after).toMatchObject({ generation: 100, deployed: { version: "v1" } });
      expect(after?.history.at(-1)).toMatchObject({ how: "publish", by: "ann", note: "cheaper" });
      expect(adoptedNewer).toBe(true);
      expect(await policy.current()).toMatchObject({ version: "v1", generation: 101 });
    });

    it("keeps the documents of all versions", async () => {
      const policy = await stores().newPolicy();
      const document = policyDocument(unique());

      expect(await policy.document(document.version)).toBeUndefined();
      await policy.publish(document);
      await policy.publish(document);

      expect(await policy.document(document.version)).toEqual(document);
    });
  });
}
