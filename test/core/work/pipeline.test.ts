import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { FoundInPart } from "../../../lib/core/detect/detection.ts";
import { totalCost, totalOf } from "../../../lib/core/protocol/counts.ts";
import type { Router } from "../../../lib/core/work/plan-chunk.ts";
import { chainOf, simpleRouter } from "./simple-router.ts";
import { type Answer, createWorld } from "./world.ts";

const usage = { inputTokens: 10, outputTokens: 5 };
const costOfAnswer = 10 * 60 + 5 * 240;
const ok: Answer = (_, { name }) => ({ kind: "completed", response: { by: name }, usage });
const failing = (kind: "overloaded" | "auth" | "invalid-request" | "rate-limited", ...names: string[]): Answer => {
  return (call, deployment, nowMs) =>
    names.includes(deployment.name) ? { kind: "failed", error: { kind, detail: "x" } } : ok(call, deployment, nowMs);
};

function line(id: string, model = "auto", dataClass?: string, text = id): string {
  const body = { model, messages: [{ role: "user", content: `hello ${text}` }] };
  const request = { custom_id: id, method: "POST", url: "/v1/chat/completions", body };
  return JSON.stringify(dataClass === undefined ? request : { ...request, switchyard: { dataClass } });
}

const Code = z.looseObject({ error: z.object({ code: z.string() }) });

const ids = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);

describe("a batch", () => {
  it("ends with one result a line, in input order", async () => {
    const document = chainOf("a", "b");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload(
      "uploads/x.jsonl",
      ids(450)
        .map((id) => line(id))
        .join("\n"),
    );

    await world.settle();

    const output = world.read(batch, "output.jsonl");
    expect(output.map(({ custom_id }) => custom_id)).toEqual(ids(450));
    expect(world.read(batch, "errors.jsonl")).toEqual([]);
    expect(world.calls.length).toBe(450);
    const item = world.stores.batches.items.get(batch);
    expect(item).toMatchObject({
      state: "completed",
      counts: { succeeded: 450, failed: 0, cancelled: 0 },
      announced: true,
    });
    expect(totalCost(item?.costNanoUsd ?? {})).toBe(450 * costOfAnswer);
    expect(world.events).toHaveLength(1);
  });

  it("answers bad lines with errors that cost nothing else", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const lines = [
      "not json",
      line("one"),
      "",
      line("one"),
      line("two", "nowhere"),
      line("three", "auto", "pii"),
      "   ",
    ];
    const batch = await world.upload("uploads/x.jsonl", `\ufeff${lines.join("\r\n")}`);

    await world.settle();

    expect(world.read(batch, "output.jsonl").map(({ custom_id }) => custom_id)).toEqual(["one", "three"]);
    expect(world.read(batch, "errors.jsonl")).toMatchObject([
      { custom_id: null, error: { code: "invalid-line" }, switchyard: { line: 1 } },
      { custom_id: "one", error: { code: "duplicate-id" }, switchyard: { line: 4 } },
      { custom_id: "two", error: { code: "unknown-model" }, switchyard: { line: 5 } },
    ]);
    expect(world.stores.batches.items.get(batch)).toMatchObject({ lines: 5, blankLines: 2 });
  });

  it("keeps the zones apart", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.upload("uploads/x.jsonl", [line("open"), line("secret", "auto", "pii")].join("\n"));

    await world.settle();

    const general = [...world.stores.zones.general.items.values()]
      .map(({ body }) => Buffer.from(body).toString())
      .join();
    for (const zone of ["general", "restricted"] as const) {
      const written = [...world.stores.zones[zone].items.keys()].map((key) => key.split("/")[0]);
      expect(written.toSorted()).toEqual(["audit", "audit", "segments"]);
    }
    expect(general).not.toContain("secret");
  });

  it("records for each line why it went where it went, and what became of it", async () => {
    const document = chainOf("a", "b");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing("overloaded", "a") });
    const lines = [line("open"), line("secret", "auto", "pii"), line("lost", "nowhere"), "no json"];
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"));

    await world.settle();

    const records = await world.audit(batch);
    const of = (number: number) => records.filter((record) => record.line === number);
    expect(of(1)).toMatchObject([
      { kind: "decision", batch, chunk: `${batch}/0`, zone: "general", dataClass: "internal", chain: ["a", "b"] },
      { kind: "hop", attempts: [{ deployment: "a" }, { deployment: "a" }], result: "goes-on" },
      { kind: "hop", attempts: [], result: "goes-on", deployment: "b" },
      { kind: "hop", attempts: [{ deployment: "b", outcome: "ok" }], result: "succeeded", deployment: "b" },
    ]);
    expect(of(2)[0]).toMatchObject({ kind: "decision", zone: "restricted", dataClass: "pii" });
    // A class that is not known is the most sensitive.
    expect(of(3)).toMatchObject([{ kind: "decision", zone: "restricted", code: "unknown-model", chain: [] }]);
    expect(of(4)).toMatchObject([{ kind: "decision", zone: "restricted", code: "invalid-line" }]);
    for (const record of records) expect(JSON.stringify(record)).not.toMatch(/hello|secret"|open"|lost"/);
  });

  it("fails as a whole when it is empty", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const empty = await world.upload("uploads/empty.jsonl", "");
    const blank = await world.upload("uploads/blank.jsonl", "\n \n");

    await world.settle();

    expect(world.stores.batches.items.get(empty)).toMatchObject({ state: "failed", failure: "The file is empty." });
    expect(world.stores.batches.items.get(blank)?.failure).toMatch(/every line is blank/);
    expect(world.events.map(({ state }) => state)).toEqual(["failed", "failed"]);
  });
});

describe("a batch's metadata", () => {
  it.each([
    ["dataclass", 'the unknown key "dataclass"; did you mean "data-class"?'],
    ["data_class", 'did you mean "data-class"?'],
    ["residence", 'did you mean "residency"?'],
  ])("fail it when %s is misspelt, and nothing of it is called", async (key, said) => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const batch = await world.upload("uploads/x.jsonl", line("one"), { [key]: "pii" });

    await world.settle();

    expect(world.stores.batches.items.get(batch)).toMatchObject({ state: "failed" });
    expect(world.stores.batches.items.get(batch)?.failure).toContain(said);
    expect(world.calls).toEqual([]);
  });

  it("are nobody's business otherwise", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.upload("uploads/x.jsonl", line("one"), { headline: "news", "data-class": "pii" });

    await world.settle();

    expect(world.calls).toHaveLength(1);
  });
});

describe("fallback", () => {
  it("moves every job of a dead deployment on, and knocks there only to probe", async () => {
    const document = chainOf("dead", "well");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing("overloaded", "dead") });
    const batch = await world.upload(
      "uploads/x.jsonl",
      ids(1000)
        .map((id) => line(id))
        .join("\n"),
    );

    await world.settle();

    const output = world.read(batch, "output.jsonl");
    expect(output).toHaveLength(1000);
    expect(new Set(output.map((entry) => JSON.stringify(entry.response).includes("well")))).toEqual(new Set([true]));
    const toDead = world.calls.filter(({ deployment }) => deployment === "dead");
    // At most what was in flight when it was cooled, and its retries.
    expect(toDead.length).toBeLessThanOrEqual(2 * 4 + 3);
    expect(
      output.some((entry) => JSON.stringify(entry.switchyard).includes('"deployment":"dead","outcome":"overloaded"')),
    ).toBe(true);
  });

  it("fails an invalid request once, without burning the chain", async () => {
    const document = chainOf("a", "b");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing("invalid-request", "a") });
    const batch = await world.upload("uploads/x.jsonl", line("one"));

    await world.settle();

    expect(world.calls.map(({ deployment }) => deployment)).toEqual(["a"]);
    expect(world.read(batch, "errors.jsonl")).toMatchObject([{ error: { code: "invalid-request" } }]);
  });

  it("ends a job whose charged attempts leave too little of what it may cost", async () => {
    const document = chainOf("a", "b");
    const answer: Answer = () => ({ kind: "failed", error: { kind: "server-error", detail: "500" }, usage });
    const world = createWorld({ document, router: simpleRouter(document), answer });
    // One attempt costs 1,800 nano-dollars, and 3,000 at most.
    const request = { ...JSON.parse(line("one")), switchyard: { maxCostUsd: 0.000004 } };
    const batch = await world.upload("uploads/x.jsonl", JSON.stringify(request));

    await world.settle();

    expect(world.calls).toHaveLength(1);
    expect(world.read(batch, "errors.jsonl")).toMatchObject([{ error: { code: "budget-exceeded" } }]);
    expect(totalCost(world.stores.batches.items.get(batch)?.costNanoUsd ?? {})).toBe(costOfAnswer);
  });

  it("ends as exhausted after its rounds when all deployments keep failing", async () => {
    const document = chainOf("a", "b");
    const world = createWorld({ document, router: simpleRouter(document), answer: failing("overloaded", "a", "b") });
    const batch = await world.upload("uploads/x.jsonl", line("one"));

    await world.settle();

    expect(world.read(batch, "errors.jsonl")).toMatchObject([{ error: { code: "exhausted" } }]);
    expect(world.calls.length).toBeLessThanOrEqual(2 * 2 * document.policy.maxRounds);
  });

  it("waits in the queue while every deployment rests, and goes on when one is back", async () => {
    const document = chainOf("a");
    let back = false;
    const answer: Answer = (call, deployment, nowMs) =>
      back
        ? ok(call, deployment, nowMs)
        : { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 30_000 } };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload(
      "uploads/x.jsonl",
      ids(20)
        .map((id) => line(id))
        .join("\n"),
    );
    while (await world.step());
    const before = world.calls.length;
    back = true;

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(20);
    expect(before).toBeLessThanOrEqual(8);
  });
});

describe("a rate limit that goes on and on", () => {
  it("is only counted: it closes no shard, and its attempts are told in the end", async () => {
    const document = chainOf("a");
    let limited = 0;
    const answer: Answer = (call, deployment, nowMs) => {
      limited += 1;
      if (limited > 30) return ok(call, deployment, nowMs);
      return { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: 20_000 } };
    };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload("uploads/x.jsonl", [line("one"), line("two")].join("\n"));

    await world.settle();

    const output = world.read(batch, "output.jsonl").map((entry) => JSON.stringify(entry.switchyard));
    expect(output).toHaveLength(2);
    const [chunk] = world.stores.chunks.items.values();
    expect(Object.keys(chunk?.shards ?? {})).toEqual(["0"]);
    const counts = output.map((text) => Number(/"outcome":"rate-limited".*?"count":(\d+)/.exec(text)?.[1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(30);
  });
});

describe("an upload that is replaced while its batch runs", () => {
  it("costs no job whose bytes are already on their way", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const lines = ids(450).map((id) => line(id));
    const batch = await world.upload("uploads/x.jsonl", lines.join("\n"));
    await world.step();
    const [chunkMessage] = world.queues.get("chunks") ?? [];
    await world.step();
    // Planned and in the lane; now the next file under the same key, and the chunk's message once more.
    world.stores.intake.seed("uploads/x.jsonl", line("other"));
    world.queues.set("chunks", chunkMessage === undefined ? [] : [{ ...chunkMessage, visibleAtMs: 0 }]);

    await world.settle();

    expect(world.read(batch, "output.jsonl")).toHaveLength(450);
  });
});

describe("a line that can be parsed and not written", () => {
  it("stops nothing else", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    const deep = line("deep").replace('"model":"auto"', `"model":"auto","x":${"[".repeat(8000)}${"]".repeat(8000)}`);
    const batch = await world.upload("uploads/x.jsonl", [line("one"), deep, line("two")].join("\n"));

    await world.settle();

    expect(world.read(batch, "output.jsonl").map(({ custom_id }) => custom_id)).toEqual(["one", "two"]);
    expect(world.read(batch, "errors.jsonl")).toMatchObject([
      { error: { code: "invalid-line" }, switchyard: { line: 2 } },
    ]);
  });
});

describe("jobs queued singly", () => {
  const single = (id: string, extra: object = {}) => ({
    id,
    body: { model: "auto", messages: [{ role: "user", content: id }] },
    ...extra,
  });

  it("run once however often they are sent, and reply to a listed queue", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.enqueue([single("one", { replyTo: "answers" }), single("one"), { no: "job" }]);

    await world.settle();

    expect(world.calls).toHaveLength(1);
    expect(world.queues.get("reply-answers")).toHaveLength(1);
    expect(world.stores.jobs.items.size).toBe(2);
  });

  it("that were accepted run though their message was lost and their queue is listed no more", async () => {
    const document = chainOf("a");
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.enqueue([single("one", { replyTo: "answers" })]);
    await world.step();
    const [lane] = [...world.queues].find(([name]) => name.endsWith("-general")) ?? [""];
    world.queues.set(lane, []);
    world.unlist("answers");

    await world.settle();

    expect(lane).not.toBe("");
    expect(world.calls).toHaveLength(1);
    expect(world.queues.get("reply-answers")).toBeUndefined();
    expect([...world.stores.chunks.items.values()]).toMatchObject([{ counts: { succeeded: 1, failed: 0 } }]);
  });

  it("are each tenant's own, also when two tenants send nonsense under one id", async () => {
    const plain = chainOf("a");
    const tenants = { one: { senders: ["AIDAONE"] }, two: { senders: ["AIDATWO"] } };
    const document = { ...plain, policy: { ...plain.policy, tenants } };
    const world = createWorld({ document, router: simpleRouter(document), answer: ok });
    await world.enqueue([{ id: "same", body: "nonsense" }], "AIDAONE");
    await world.enqueue([{ id: "same", body: "nonsense" }], "AIDATWO");

    await world.settle();

    expect(world.stores.jobs.items.size).toBe(2);
  });
});

describe("a worker that is lost between segment and commit", () => {
  it("has its answers committed by the next, nothing called again, and its replies sent", async () => {
    const document = chainOf("a");
    let crashing = false;
    const answer: Answer = (call, deployment, nowMs) => {
      crashing = true;
      return ok(call, deployment, nowMs);
    };
    let writes = 0;
    // After the answer: before and after the segment's put; then, before the commit, the end.
    const crashAt = () => crashing && ++writes === 3;
    const world = createWorld({ document, router: simpleRouter(document), answer, crashAt });
    await world.enqueue([
      { id: "one", replyTo: "answers", body: { model: "auto", messages: [{ role: "user", content: "hello" }] } },
    ]);

    await world.settle();

    expect(world.calls).toHaveLength(1);
    expect(world.queues.get("reply-answers")?.length).toBeGreaterThanOrEqual(1);
  });
});

describe("conservation", () => {
  it("holds whatever is killed between any two writes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 31 - 1 }), async (seed) => {
        const random = fc.sample(fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), {
          numRuns: 1,
          seed,
        })[0];
        const next = () => random?.next().value ?? 0;
        const document = chainOf("a", "b");
        let crashes = 0;
        const answer: Answer = (call, deployment, nowMs) =>
          next() < 0.2
            ? { kind: "failed", error: { kind: "server-error", detail: "500" } }
            : ok(call, deployment, nowMs);
        const cancelAt = { step: next() < 0.3 ? Math.floor(next() * 60) : -1, call: next() < 0.3 ? next() * 30 : -1 };
        let batch = "";
        let steps = 0;
        const world = createWorld({
          document,
          router: simpleRouter(document),
          answer: (call, deployment, nowMs) => {
            if (world.calls.length === Math.ceil(cancelAt.call)) void world.cancel(batch);
            return answer(call, deployment, nowMs);
          },
          crashAt: () => crashes < 12 && next() < 0.05 && ++crashes > 0,
          random: next,
        });
        const count = 30;
        // Some batches ask for the same again and again, and want it once.
        const dedupe = next() < 0.3;
        const textOf = (id: string) => (dedupe ? String(Math.floor(next() * 12)) : id);
        batch = await world.upload(
          "uploads/x.jsonl",
          ids(count)
            .map((id) => line(id, next() < 0.1 ? "nowhere" : "auto", next() < 0.3 ? "pii" : undefined, textOf(id)))
            .join("\n"),
          dedupe ? { dedupe: "true" } : {},
        );

        await world.settle((ready) => {
          if (steps++ === cancelAt.step) void world.cancel(batch);
          return Math.floor(next() * ready);
        });

        const ended = [...world.read(batch, "output.jsonl"), ...world.read(batch, "errors.jsonl")];
        expect(ended.map(({ custom_id }) => custom_id).toSorted()).toEqual(ids(count).toSorted());
        const item = world.stores.batches.items.get(batch);
        expect(totalOf(item?.counts ?? { succeeded: 0, failed: 0, cancelled: 0 })).toBe(count);

        // What is cancelled is what the flag stopped, and no call began long after it.
        const cancelled = world
          .read(batch, "errors.jsonl")
          .filter((entry) => Code.parse(entry).error.code === "cancelled");
        expect(cancelled).toHaveLength(item?.counts.cancelled ?? 0);
        expect(item?.state).toBe(cancelled.length > 0 ? "cancelled" : "completed");
        const stoppedAtMs = item?.cancelledAtMs ?? Number.POSITIVE_INFINITY;
        if (cancelled.length > 0) expect(stoppedAtMs).toBeLessThan(Number.POSITIVE_INFINITY);
        expect(world.calls.filter(({ atMs }) => atMs > stoppedAtMs + 3000)).toEqual([]);

        // What was recorded accounts for every line too: one decision, and one end where it reached a lane.
        const records = await world.audit(batch);
        const decisions = records.flatMap((record) => (record.kind === "decision" ? [record] : []));
        expect(decisions.map(({ line: number }) => number)).toEqual(ids(count).map((_, index) => index + 1));
        const routed = decisions.filter(({ chain }) => chain.length > 0).map(({ line: number }) => number);
        const ends = records.filter((record) => record.kind === "hop" && record.result !== "goes-on");
        expect(ends.map(({ line: number }) => number)).toEqual(routed);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a chunk whose item would grow too large", () => {
  // Thousands of updates of an item of 100 KB, each checked by its schema: some seconds of one core.
  it("keeps further children in child chunks, and still adds up", { timeout: 30_000 }, async () => {
    const document = chainOf("a", "b");
    const called = new Map<string, number>();
    const answer: Answer = (call, deployment, nowMs) => {
      const text = JSON.stringify(call.body.messages);
      called.set(text, (called.get(text) ?? 0) + 1);
      // Every job kills its worker the first time: shards are split twice, down to single jobs.
      if (called.get(text) === 1) throw world.crash();
      return ok(call, deployment, nowMs);
    };
    const world = createWorld({ document, router: simpleRouter(document), answer });
    const batch = await world.upload(
      "uploads/x.jsonl",
      ids(330)
        .map((id) => line(id))
        .join("\n"),
    );

    await world.settle(undefined, 50_000);

    expect(world.read(batch, "output.jsonl").map(({ custom_id }) => custom_id)).toEqual(ids(330));
    const items = [...world.stores.chunks.items];
    expect(items.length).toBeGreaterThan(1);
    expect(Math.max(...items.map(([, chunk]) => JSON.stringify(chunk).length))).toBeLessThan(200 * 1024);
    expect(world.stores.batches.items.get(batch)).toMatchObject({ counts: { succeeded: 330, failed: 0 } });
  });
});

describe("a class that is redacted", () => {
  const answering = (seen: string[]): Answer => {
    return ({ body }) => {
      const text = JSON.stringify(body.messages);
      seen.push(text);
      return { kind: "completed", response: { choices: [{ message: { content: `You wrote ${text}` } }] }, usage };
    };
  };
  const withRedaction = (facts: Record<string, boolean>, found: FoundInPart[]) => {
    const document = chainOf("outside");
    const [deployment] = Object.values(document.policy.deployments);
    if (deployment === undefined) throw new Error("the fixture has no deployment");
    const { region: _, inferenceProfile: __, ...rest } = deployment;
    const outside = { ...rest, baseUrl: "https://api.example.com/v1", facts: { ...deployment.facts, ...facts } };
    const policy = {
      ...document.policy,
      deployments: { outside },
      dataClasses: document.policy.dataClasses.map((dataClass) => ({ ...dataClass, redact: true as const })),
    };
    const plain = simpleRouter({ ...document, policy });
    const router: Router = {
      ...plain,
      route: async (job, defaults) => {
        const routed = await plain.route(job, defaults);
        return { ...routed, found, decision: { ...routed.decision, detection: "done" } };
      },
    };
    return { document: { ...document, policy }, router };
  };
  const name = { type: "name", start: 6, end: 11, confidence: 1 } as const;
  const found = [{ part: "messages[0].content", findings: [name] }];

  it("leaves for an external deployment without what was found, and has it back in the answer", async () => {
    const seen: string[] = [];
    const world = createWorld({ ...withRedaction({}, found), answer: answering(seen) });
    const batch = await world.upload("uploads/x.jsonl", line("Alice"));

    await world.settle();

    expect(seen).toEqual([expect.stringContaining("hello [NAME_1]")]);
    const [result] = world.read(batch, "output.jsonl");
    expect(JSON.stringify(result?.response)).toContain("hello Alice");
    expect(JSON.stringify(result?.response)).not.toContain("NAME_1");
    expect(result?.switchyard).toMatchObject({ attempts: [{ deployment: "outside", outcome: "ok", redacted: true }] });
    const [, hop] = await world.audit(batch);
    expect(hop).toMatchObject({ kind: "hop", attempts: [{ deployment: "outside", redacted: true }] });
  });

  it("is whole on a deployment of one's own", async () => {
    const seen: string[] = [];
    const world = createWorld({ ...withRedaction({ onPremises: true }, found), answer: answering(seen) });
    const batch = await world.upload("uploads/x.jsonl", line("Alice"));

    await world.settle();

    expect(seen).toEqual([expect.stringContaining("hello Alice")]);
    expect(JSON.stringify(world.read(batch, "output.jsonl"))).not.toContain("redacted");
  });

  it("is not sent when what was found cannot be replaced", async () => {
    const seen: string[] = [];
    const elsewhere = [{ part: "messages[9].content", findings: [name] }];
    const world = createWorld({ ...withRedaction({}, elsewhere), answer: answering(seen) });
    const batch = await world.upload("uploads/x.jsonl", line("Alice"));

    await world.settle();

    expect(seen).toEqual([]);
    expect(world.read(batch, "errors.jsonl")).toMatchObject([{ error: { code: "exhausted" } }]);
    const refusals = (await world.audit(batch)).flatMap((record) => (record.kind === "hop" ? record.refused : []));
    expect(refusals).toContainEqual({
      deployment: "outside",
      reason: "what was found in the job cannot be replaced in it",
    });
  });
});
