import { describe, expect, it } from "vitest";
import * as z from "zod";
import { readBatchStatus, standingOf } from "../../../lib/cli/batches/batch-status.ts";
import { estimateLines } from "../../../lib/cli/estimate/estimate.ts";
import { requestLines } from "../../../lib/cli/request-lines.ts";
import { routeLines } from "../../../lib/cli/route-lines.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import { features } from "../../../lib/core/features.ts";
import { totalCost, totalOf } from "../../../lib/core/protocol/counts.ts";
import { readPartial } from "../../../lib/core/work/read-partial.ts";
import { createRouter } from "../../../lib/core/work/router.ts";
import { createRandom } from "../../../lib/local/simulated-providers/random.ts";
import { readCompletion } from "../../../lib/providers/openai-response.ts";
import { documentOf } from "../policy-fixture.ts";
import { chainOf, simpleRouter } from "../work/simple-router.ts";
import { type Answer, createWorld } from "../work/world.ts";

/*
 * What people complain of about batches, of providers and of open tools, each as a test that fails where it happens. The
 * same on the local engine, with real processes: test/end-to-end.
 */

const hourMs = 3_600_000;
const usage = { inputTokens: 10, outputTokens: 5 };
const costOfAnswer = 10 * 60 + 5 * 240;

/** Says back what was asked, so that a result that is joined to another line is seen. */
const echo: Answer = ({ body }) => ({ kind: "completed", response: { said: body.messages[0]?.content }, usage });
const down: Answer = () => ({ kind: "failed", error: { kind: "overloaded", detail: "503" } });

function line(id: string, { model = "auto", text = `hello ${id}` }: { model?: string; text?: string } = {}): string {
  const body = { model, messages: [{ role: "user", content: text }] };
  return JSON.stringify({ custom_id: id, method: "POST", url: "/v1/chat/completions", body });
}

const idsOf = (count: number) => Array.from({ length: count }, (_, index) => `job-${index}`);
const linesOf = (count: number) =>
  idsOf(count)
    .map((id) => line(id))
    .join("\n");

function worldOf({
  names = ["a"],
  answer = echo,
  random,
  crashAt,
}: {
  names?: string[];
  answer?: Answer;
  random?: () => number;
  crashAt?: () => boolean;
} = {}) {
  const document = chainOf(...names);
  return createWorld({
    document,
    router: simpleRouter(document),
    answer,
    ...(random && { random }),
    ...(crashAt && { crashAt }),
  });
}
type World = ReturnType<typeof createWorld>;

const Answered = z.looseObject({
  custom_id: z.string(),
  response: z.looseObject({ body: z.looseObject({ said: z.string() }) }),
});
const Failed = z.looseObject({ custom_id: z.string().nullable(), error: z.looseObject({ code: z.string() }) });

function resultsOf(world: World, batch: string) {
  return {
    output: world.read(batch, "output.jsonl").map((entry) => Answered.parse(entry)),
    errors: world.read(batch, "errors.jsonl").map((entry) => Failed.parse(entry)),
    item: world.stores.batches.items.get(batch),
    statusOf: () =>
      readBatchStatus(batch, { batches: world.stores.batches, chunks: world.stores.chunks, clock: world.now }),
  };
}

/** Runs what can be run now, as long as a condition holds. */
async function stepWhile(world: World, condition: () => boolean): Promise<void> {
  while (condition() && (await world.step()));
}

describe("a batch is stuck for over a day", () => {
  it("ends at its deadline, a day if nobody says otherwise, whatever the providers do", async () => {
    const limited: Answer = () => ({
      kind: "failed",
      error: { kind: "rate-limited", detail: "429", retryAfterMs: hourMs },
    });
    const world = worldOf({ answer: limited });
    const startMs = world.now();
    const batch = await world.upload("uploads/x.jsonl", linesOf(5));

    await world.settle();

    const { errors, item } = resultsOf(world, batch);
    expect(item?.state).toBe("completed");
    expect(errors.map(({ error }) => error.code)).toEqual(Array.from({ length: 5 }, () => "deadline-exceeded"));
    expect((item?.completedAtMs ?? 0) - startMs).toBeLessThanOrEqual(24 * hourMs);
  });

  it("ends in an hour or two although every message of it is lost", async () => {
    const world = worldOf();
    const startMs = world.now();
    const batch = await world.upload("uploads/x.jsonl", linesOf(300));
    await stepWhile(world, () => world.calls.length === 0);
    for (const queue of world.queues.keys()) world.queues.set(queue, []);

    await world.settle();

    const { output, item } = resultsOf(world, batch);
    expect(output).toHaveLength(300);
    expect((item?.completedAtMs ?? 0) - startMs).toBeLessThan(2 * hourMs);
  });
});

describe("an expired batch loses the rows that were finished", () => {
  it("keeps every answer, and says of the others that they came too late", async () => {
    let answered = 0;
    const world = worldOf({
      answer: (call, deployment, nowMs) => {
        answered += 1;
        return answered <= 120
          ? echo(call, deployment, nowMs)
          : { kind: "failed", error: { kind: "rate-limited", detail: "429", retryAfterMs: hourMs } };
      },
    });
    const batch = await world.upload("uploads/x.jsonl", linesOf(300), { deadline: "2h" });

    await world.settle();

    const { output, errors } = resultsOf(world, batch);
    expect(output).toHaveLength(120);
    expect(errors.map(({ error }) => error.code)).toEqual(Array.from({ length: 180 }, () => "deadline-exceeded"));
    expect([...output, ...errors].map(({ custom_id: id }) => id).toSorted()).toEqual(idsOf(300).toSorted());
  });
});

describe("results come out of order, and are joined to the wrong pages", () => {
  it("gives each line its own answer, in input order, in whatever order they ended", async () => {
    const random = createRandom(3);
    let calls = 0;
    const world = worldOf({
      names: ["a", "b"],
      random,
      // Half of the calls fail on the first deployment: those jobs end long after their neighbours.
      answer: (call, deployment, nowMs) =>
        deployment.name === "a" && calls++ % 2 === 0 ? down(call, deployment, nowMs) : echo(call, deployment, nowMs),
    });
    const batch = await world.upload("uploads/x.jsonl", linesOf(700));

    await world.settle((count) => Math.floor(random() * count));

    const { output } = resultsOf(world, batch);
    expect(output.map(({ custom_id: id }) => id)).toEqual(idsOf(700));
    expect(output.map(({ response }) => response.body.said)).toEqual(idsOf(700).map((id) => `hello ${id}`));
  });
});

describe("failed rows vanish, because only the output file is read", () => {
  it("has every failed row in the errors with its id and why, and counts them wherever the batch is told of", async () => {
    const world = worldOf({
      answer: (call, deployment, nowMs) =>
        /[37]$/.test(String(call.body.messages[0]?.content))
          ? { kind: "failed", error: { kind: "invalid-request", detail: "400" } }
          : echo(call, deployment, nowMs),
    });
    const batch = await world.upload(
      "uploads/x.jsonl",
      `${linesOf(50)}\nnot json\n${line("lost", { model: "nowhere" })}`,
    );

    await world.settle();

    const { output, errors, item, statusOf } = resultsOf(world, batch);
    const bad = idsOf(50).filter((id) => /[37]$/.test(id));
    expect(errors.map(({ custom_id: id, error }) => [id, error.code])).toEqual([
      ...bad.map((id) => [id, "invalid-request"]),
      [null, "invalid-line"],
      ["lost", "unknown-model"],
    ]);
    const counts = { succeeded: output.length, failed: errors.length, cancelled: 0 };
    expect(item).toMatchObject({ lines: 52, counts });
    expect(await statusOf()).toMatchObject({ counts });
    // What tells of the end names both files.
    expect(world.events).toMatchObject([
      {
        counts: { accepted: 52, ...counts },
        output: `results/${batch}/output.jsonl`,
        errors: `results/${batch}/errors.jsonl`,
      },
    ]);
  });
});

describe("cancelling drops the rows that were in flight", () => {
  it("has each line in one of the files, those in flight with their answers", async () => {
    let cancelling: Promise<unknown> | undefined;
    const world = worldOf({
      answer: (call, deployment, nowMs) => {
        // In the middle of a shard, with other calls in flight; those who ask again learn of it.
        if (world.calls.length === 250) {
          cancelling = world.cancel(batch);
          world.advance(10_000);
        }
        return echo(call, deployment, nowMs);
      },
    });
    const batch = await world.upload("uploads/x.jsonl", linesOf(900));

    await world.settle();
    await cancelling;

    const { output, errors, item } = resultsOf(world, batch);
    expect(world.calls.length).toBeLessThan(900);
    expect(output).toHaveLength(world.calls.length);
    expect(new Set(errors.map(({ error }) => error.code))).toEqual(new Set(["cancelled"]));
    expect([...output, ...errors].map(({ custom_id: id }) => id).toSorted()).toEqual(idsOf(900).toSorted());
    expect(item).toMatchObject({
      state: "cancelled",
      counts: { succeeded: output.length, failed: 0, cancelled: errors.length },
    });
  });
});

describe("the counts are wrong", () => {
  it("are those of the files, however often each message comes and whoever dies", async () => {
    const random = createRandom(11);
    let crashes = 0;
    const world = worldOf({
      names: ["a", "b"],
      random,
      answer: (call, deployment, nowMs) =>
        deployment.name === "a" && random() < 0.3 ? down(call, deployment, nowMs) : echo(call, deployment, nowMs),
      crashAt: () => random() < 0.1 && crashes++ < 40,
    });
    const batch = await world.upload("uploads/x.jsonl", `${linesOf(400)}\nnot json\n${line("job-7")}`);
    const { statusOf } = resultsOf(world, batch);
    for (let steps = 0; steps < 60; steps++) {
      await world.step((count) => Math.floor(random() * count));
      // A message of each queue comes again, now and then.
      for (const [name, held] of world.queues) {
        const again = held[Math.floor(random() * held.length)];
        if (again !== undefined && random() < 0.3) world.queues.set(name, [...held, { ...again, id: `${again.id}'` }]);
      }
      const status = await statusOf();
      if (status?.lines === undefined) continue;
      expect(totalOf(status.counts)).toBeLessThanOrEqual(402);
      expect((status.unplanned ?? 0) + status.waiting + status.running + totalOf(status.counts)).toBe(402);
    }

    await world.settle();

    const { output, errors, item } = resultsOf(world, batch);
    expect(crashes).toBeGreaterThan(5);
    expect(item).toMatchObject({ counts: { succeeded: output.length, failed: errors.length, cancelled: 0 } });
    expect(output.length + errors.length).toBe(402);
    expect(new Set(output.map(({ custom_id: id }) => id)).size).toBe(output.length);
  });
});

describe("the cost is silently zero", () => {
  it.each([
    ["without usage", {}],
    ["with half of it", { usage: { prompt_tokens: 5 } }],
    ["with usage that is none", { usage: { prompt_tokens: null, completion_tokens: 3 } }],
  ])("takes an answer %s for none: it could not be charged", (_, more) => {
    const choices = [{ message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }];

    expect(readCompletion(JSON.stringify({ choices, ...more }))).toMatchObject({
      kind: "failed",
      error: { kind: "server-error", detail: "missing-usage" },
    });
  });

  it("counts what failed attempts were charged, too", async () => {
    const world = worldOf({
      names: ["a", "b"],
      answer: (call, deployment, nowMs) =>
        deployment.name === "a"
          ? { kind: "failed", error: { kind: "server-error", detail: "500" }, usage }
          : echo(call, deployment, nowMs),
    });
    const batch = await world.upload("uploads/x.jsonl", linesOf(40));

    await world.settle();

    const { item } = resultsOf(world, batch);
    const called = (name: string) => world.calls.filter(({ deployment }) => deployment === name).length;
    expect(called("a")).toBeGreaterThan(0);
    expect(item?.costNanoUsd).toEqual({ a: called("a") * costOfAnswer, b: 40 * costOfAnswer });
  });
});

describe("the cost is counted once per poll", () => {
  it("is that of the calls, however often it is asked for and however often collect is told", async () => {
    const world = worldOf();
    const batch = await world.upload("uploads/x.jsonl", linesOf(250));
    const { statusOf } = resultsOf(world, batch);
    const seen = new Map<string, NonNullable<ReturnType<World["queues"]["get"]>>>();
    const remember = () => {
      for (const [name, held] of world.queues) {
        const before = seen.get(name) ?? [];
        const ids = new Set(before.map(({ id }) => id));
        const more = held.filter(({ id }) => !ids.has(id)).map((message) => ({ ...message, visibleAtMs: 0 }));
        seen.set(name, [...before, ...more]);
      }
    };
    for (let goesOn = true; goesOn; goesOn = await world.step()) {
      remember();
      const polled = [await statusOf(), await statusOf(), await statusOf()].map((status) => status?.costUsd ?? 0);
      expect(new Set(polled).size).toBe(1);
      expect(polled[0]).toBeLessThanOrEqual((world.calls.length * costOfAnswer) / 1e9);
      await world.sweep();
    }
    await world.repair(batch);
    await world.settle();
    // Everything comes again when all is over.
    for (const [name, messages] of seen) world.queues.set(name, messages);

    await world.settle();

    expect(totalCost(resultsOf(world, batch).item?.costNanoUsd ?? {})).toBe(250 * costOfAnswer);
    expect(world.calls).toHaveLength(250);
    expect((await statusOf())?.costUsd).toBe((250 * costOfAnswer) / 1e9);
  });
});

describe("one bad row kills the job", () => {
  it.each([
    ["is not JSON", "{"],
    ["is not an object", "7"],
    ["has no id", JSON.stringify({ method: "POST", url: "/v1/chat/completions", body: {} })],
    ["has no messages", JSON.stringify({ custom_id: "x", method: "POST", url: "/v1/chat/completions", body: {} })],
    ["is for another endpoint", JSON.stringify({ custom_id: "x", method: "POST", url: "/v1/embeddings", body: {} })],
    ["is not UTF-8", "\uDFFF"],
    ["is nested a thousand times", `${"[".repeat(1000)}${"]".repeat(1000)}`],
  ])("answers all others when a row %s", async (_, bad) => {
    const world = worldOf();
    const batch = await world.upload("uploads/x.jsonl", [line("one"), bad, line("two")].join("\n"));

    await world.settle();

    const { output, errors } = resultsOf(world, batch);
    expect(output.map(({ custom_id: id }) => id)).toEqual(["one", "two"]);
    expect(errors).toMatchObject([{ error: { code: "invalid-line" }, switchyard: { line: 2 } }]);
  });
});

describe("a crash loses everything, because results are written at the end", () => {
  it("has committed what was done before it, which is read at once and not called again", async () => {
    let kill = false;
    const asked = new Map<string, number>();
    const world = worldOf({
      answer: (call, deployment, nowMs) => {
        if (kill) throw world.crash();
        const text = String(call.body.messages[0]?.content);
        asked.set(text, (asked.get(text) ?? 0) + 1);
        return echo(call, deployment, nowMs);
      },
    });
    const batch = await world.upload("uploads/x.jsonl", linesOf(1000));
    await stepWhile(world, () => world.calls.length < 500);
    const before = world.calls.length;

    // From here on every worker dies at its first call.
    kill = true;
    for (let steps = 0; steps < 20; steps++) await world.step();
    const item = resultsOf(world, batch).item;
    if (item === undefined) throw new Error("there is no batch");
    const partial: number[] = [];
    const sources = { intake: world.stores.intake, zones: world.stores.zones, chunks: world.stores.chunks };
    for await (const job of readPartial(item, sources)) partial.push(job.line);
    kill = false;
    await world.settle();

    expect(partial).toHaveLength(before);
    expect(resultsOf(world, batch).output.map(({ custom_id: id }) => id)).toEqual(idsOf(1000));
    expect([...asked.values()].every((times) => times === 1)).toBe(true);
    expect(asked.size).toBe(1000);
  });
});

describe("a duplicate custom_id hangs the job", () => {
  it("runs the first and says so of the others, also when they are chunks apart", async () => {
    const world = worldOf();
    const batch = await world.upload(
      "uploads/x.jsonl",
      [line("twice", { text: "first" }), line("twice"), linesOf(4100), line("twice")].join("\n"),
    );

    await world.settle();

    const { output, errors, item } = resultsOf(world, batch);
    expect(item).toMatchObject({ state: "completed", chunks: 2, lines: 4103 });
    expect(errors).toMatchObject([
      { custom_id: "twice", error: { code: "duplicate-id" }, switchyard: { line: 2 } },
      { custom_id: "twice", error: { code: "duplicate-id" }, switchyard: { line: 4103 } },
    ]);
    expect(output).toHaveLength(4101);
    expect(output[0]).toMatchObject({ custom_id: "twice", response: { body: { said: "first" } } });
  });
});

/** Three deployments of different prices, and tiers that begin with each. */
const threeModels = `version: 1
regions: [us-east-1]
deployments:
  small: { provider: openai, model: small-1, secret: switchyard/small, price: { inputPerMTok: 1, outputPerMTok: 2 }, facts: { dpa: true } }
  medium: { provider: openai, model: medium-1, secret: switchyard/medium, price: { inputPerMTok: 3, outputPerMTok: 6 }, facts: { dpa: true } }
  large: { provider: openai, model: large-1, secret: switchyard/large, price: { inputPerMTok: 10, outputPerMTok: 30 }, facts: { dpa: true } }
tiers:
  lightweight: { chain: [small, medium, large] }
  standard: { chain: [medium, large] }
  capable: { chain: [large] }
aliases: { gpt-4o: capable }
dataClasses: { public: {} }
untagged: public
`;

function realWorld(answer: Answer) {
  const document = documentOf(threeModels);
  const router = createRouter({ document, decider: createDecider(document, "us-east-1") }, () => Date.UTC(2026, 0, 1));
  return { document, router, world: createWorld({ document, router, answer }) };
}

describe("a batch of mixed models runs as the first line's model", () => {
  it("runs each line on the deployment that its own model asks for", async () => {
    const { world } = realWorld((_, { name }) => ({ kind: "completed", response: { said: name }, usage }));
    const models = ["small", "large", "standard", "gpt-4o", "lightweight", "medium", "auto", "gpt-5"];
    const batch = await world.upload(
      "uploads/x.jsonl",
      models.map((model) => line(`as ${model}`, { model, text: "Hi" })).join("\n"),
    );

    await world.settle();

    const { output, errors } = resultsOf(world, batch);
    expect(output.map(({ custom_id: id, response }) => [id, response.body.said])).toEqual([
      ["as small", "small"],
      ["as large", "large"],
      ["as standard", "medium"],
      ["as gpt-4o", "large"],
      ["as lightweight", "small"],
      ["as medium", "medium"],
      ["as auto", "small"],
    ]);
    expect(errors).toMatchObject([{ custom_id: "as gpt-5", error: { code: "unknown-model" } }]);
  });
});

describe("nobody knows the price before the run", () => {
  it("has an estimate of what the first of each chain would charge, and a bound that holds whoever answers", async () => {
    // Every answer is as long as it may be, and the cheapest deployment gives none.
    const { document, router, world } = realWorld(({ body }, { name }) =>
      name === "small"
        ? { kind: "failed", error: { kind: "auth", detail: "401" } }
        : {
            kind: "completed",
            response: {},
            usage: { inputTokens: features(body).inputTokens, outputTokens: body.max_tokens ?? 0 },
          },
    );
    const text = Array.from({ length: 60 }, (_, number) =>
      JSON.stringify({
        custom_id: `${number}`,
        method: "POST",
        url: "/v1/chat/completions",
        body: {
          model: ["small", "standard", "capable"][number % 3],
          messages: [{ role: "user", content: `Question ${number}` }],
          max_tokens: 10 * (1 + number),
        },
      }),
    ).join("\n");

    async function* bytes() {
      yield Buffer.from(text);
    }
    const before = await estimateLines(
      routeLines(requestLines(bytes(), document.policy.maxLineBytes), router, {}),
      document.policy.deployments,
    );
    const batch = await world.upload("uploads/x.jsonl", text);
    await world.settle();

    const charged = totalCost(world.stores.batches.items.get(batch)?.costNanoUsd ?? {});
    expect(before).toMatchObject({ lines: 60, unlimited: 0 });
    expect(before.expectedNanoUsd).toBeGreaterThan(0);
    // Fallbacks and answers longer than usual make the difference; the dearest of each chain is the bound.
    expect(before.expectedNanoUsd).toBeLessThanOrEqual(charged);
    expect(charged).toBeLessThanOrEqual(before.mostNanoUsd);
    expect([...before.deployments.values()].reduce((sum, { outputTokens }) => sum + outputTokens, 0)).toBe(
      Array.from({ length: 60 }, (_, number) => Math.min(400, 10 * (1 + number))).reduce((sum, more) => sum + more, 0),
    );
  });
});

describe('it says "100 %" and is not done', () => {
  it("says less until the results can be fetched, though every line has ended", async () => {
    const world = worldOf();
    const batch = await world.upload("uploads/x.jsonl", linesOf(300));
    const { statusOf } = resultsOf(world, batch);
    const told: { state: string; done: string; fetched: boolean }[] = [];
    const look = async () => {
      const status = await statusOf();
      const fetched = world.stores.intake.items.has(`results/${batch}/manifest.json`);
      if (status !== undefined) told.push({ ...standingOf(status), fetched });
    };
    while (await world.step()) await look();
    await world.settle();
    await look();

    const early = told.filter(({ fetched }) => !fetched);
    expect(early.filter(({ done }) => done.startsWith("100"))).toEqual([]);
    expect(early.at(-1)).toMatchObject({ state: "collecting", done: "99.9 %" });
    expect(told.at(-1)).toEqual({ state: "completed", done: "100.0 %", fetched: true });
  });

  it("does not round the last lines of a large batch away", () => {
    const status = {
      batch: "b-1",
      key: "uploads/x.jsonl",
      state: "running",
      acceptedAt: "2026-01-01T00:00:00.000Z",
      lines: 1_000_000,
      classified: 1_000_000,
      waiting: 3,
      running: 0,
      counts: { succeeded: 999_997, failed: 0, cancelled: 0 },
      jobsPerSecond: 1,
      costUsd: 1,
      collected: false,
    } as const;

    expect(standingOf(status)).toEqual({ state: "running", done: "99.9 %" });
  });
});

describe("a batch in which all failed is completed without an output file", () => {
  it("has both files, the output empty, and says everywhere that nothing succeeded", async () => {
    const world = worldOf({ answer: () => ({ kind: "failed", error: { kind: "invalid-request", detail: "400" } }) });
    const batch = await world.upload("uploads/x.jsonl", linesOf(30));

    await world.settle();

    const { errors } = resultsOf(world, batch);
    expect(world.stores.intake.items.get(`results/${batch}/output.jsonl`)?.body).toHaveLength(0);
    expect(errors.map(({ custom_id: id, error }) => [id, error.code])).toEqual(
      idsOf(30).map((id) => [id, "invalid-request"]),
    );
    expect(world.events).toMatchObject([{ counts: { accepted: 30, succeeded: 0, failed: 30, cancelled: 0 } }]);
  });
});
