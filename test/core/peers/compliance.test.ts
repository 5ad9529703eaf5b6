import { describe, expect, it } from "vitest";
import type { ChatBody } from "../../../lib/core/chat.ts";
import { createDecider } from "../../../lib/core/decide.ts";
import { createDetect, type Detectors } from "../../../lib/core/detect/detect-body.ts";
import type { Job, JobOptions } from "../../../lib/core/job.ts";
import { planChunk } from "../../../lib/core/work/plan-chunk.ts";
import { createRouter } from "../../../lib/core/work/router.ts";
import { compileText, documentOf } from "../policy-fixture.ts";
import { type Answer, createWorld } from "../work/world.ts";

/*
 * What other routers have been seen to do with regulated data, each as a test that fails where a router does it: a
 * condition that is skipped, a check that is off, a policy that a retry forgets. Every job here is taken in in
 * eu-central-1, and the first of its chain is never one that may see it.
 */

const nowMs = Date.UTC(2026, 0, 1);
const everybody = "[nova-us, gpt, haiku-eu, llama]";

const classes = `
  public: {}
  internal: { require: { trainsOnData: false } }
  phi: { zone: restricted, require: { baa: true } }
  secret: { require: { cleared: true }, quarantine: true }`;

/** Two regions, an external provider and a machine of one's own; every tier has the same chain. */
function configured({
  chain = everybody,
  dataClasses = classes,
  more = "",
}: {
  chain?: string;
  dataClasses?: string;
  more?: string;
} = {}): string {
  return `version: 1
regions: [eu-central-1, us-east-1]
deployments:
  nova-us: { provider: bedrock, model: amazon.nova-lite-v1:0, region: us-east-1, facts: { dpa: true, trainsOnData: false } }
  gpt: { provider: openai, model: gpt-4o-mini, secret: switchyard/openai, facts: { dpa: true } }
  haiku-eu: { provider: bedrock, model: eu.anthropic.claude-haiku-4-5-v1:0, region: eu-central-1, facts: { dpa: true, baa: true, trainsOnData: false } }
  llama:
    provider: openai-compatible
    model: llama-4-scout
    baseUrl: https://llm.example.internal/v1
    price: { inputPerMTok: 0.05, outputPerMTok: 0.05 }
    facts: { onPremises: true, residency: eu, dpa: true, baa: true, trainsOnData: false }
tiers: { lightweight: { chain: ${chain} }, standard: { chain: ${chain} }, capable: { chain: ${chain} } }
dataClasses: ${dataClasses}
untagged: public
residencies:
  eu: { regions: [eu-central-1], inferenceProfiles: [in-region, eu], facts: { residency: eu } }
  bare: { regions: [eu-central-1] }
${more}`;
}

const ok: Answer = (_, { name }) => ({
  kind: "completed",
  response: { by: name },
  usage: { inputTokens: 1, outputTokens: 1 },
});
const down =
  (...names: string[]): Answer =>
  (call, deployment, atMs) =>
    names.includes(deployment.name)
      ? { kind: "failed", error: { kind: "overloaded", detail: "503" } }
      : ok(call, deployment, atMs);

type Outcome = { called: string[]; errors: Record<string, unknown>[]; tookMs: number };

/** Runs one batch to its end: who was called, which lines failed, and how long that took on the world's clock. */
async function run(
  lines: readonly (JobOptions & { content?: string })[],
  {
    text = configured(),
    answer = ok,
    detectors,
    current,
  }: {
    text?: string;
    answer?: Answer;
    detectors?: Omit<Detectors, "minConfidence" | "onError">;
    current?: () => string;
  } = {},
): Promise<Outcome> {
  const document = documentOf(text);
  const detect = detectors && createDetect({ minConfidence: 0.5, onError: () => {}, ...detectors });
  const region = "eu-central-1";
  const router = createRouter({ document, decider: createDecider(document, region) }, () => nowMs, detect);
  let lastMs = nowMs;
  const world = createWorld({
    document,
    router,
    region,
    answer: (call, deployment, atMs) => {
      lastMs = atMs;
      return answer(call, deployment, atMs);
    },
    ...(current !== undefined && { current: () => documentOf(current()) }),
  });
  const batch = await world.upload(
    "uploads/x.jsonl",
    lines
      .map(({ content = "Hello", ...switchyard }, index) =>
        JSON.stringify({
          custom_id: `job-${index}`,
          method: "POST",
          url: "/v1/chat/completions",
          body: { model: "auto", messages: [{ role: "user", content }] },
          switchyard,
        }),
      )
      .join("\n"),
  );
  await world.settle();
  return {
    called: world.calls.map(({ deployment }) => deployment),
    errors: world.read(batch, "errors.jsonl"),
    tookMs: lastMs - nowMs,
  };
}

const policyDenied = { error: { code: "policy-denied" } };

describe("Portkey: a condition beside $or is ignored, and an EU request goes to the US", () => {
  const when = '(priority == "high" || hasTools) && has(tags.residency) && tags.residency == "us"';
  const text = configured({ chain: `[{ use: nova-us, when: '${when}' }, haiku-eu]` });

  it("asks every part of a condition", async () => {
    const { called } = await run(
      [
        { priority: "high", tags: { residency: "eu" } },
        { priority: "high", tags: { residency: "us" } },
      ],
      { text },
    );

    expect(called.toSorted()).toEqual(["haiku-eu", "nova-us"]);
  });

  it("refuses a condition that is a map of operators", () => {
    const map = configured({ chain: '[haiku-eu, { use: nova-us, when: { $or: [a], "tags.residency": us } }]' });

    expect(compileText(map)).toMatchObject({
      kind: "invalid",
      problems: [{ path: "tiers.lightweight.chain[1].when" }, {}, {}],
    });
  });

  it("keeps an EU request in the EU whatever a condition says", async () => {
    const careless = configured({ chain: "[{ use: nova-us, when: 'true' }, gpt, haiku-eu]" });

    expect(await run([{ residency: "eu" }], { text: careless })).toMatchObject({ called: ["haiku-eu"], errors: [] });
  });
});

describe('Portkey: missing metadata satisfies $ne: "eu"', () => {
  const entry = (when: string) => configured({ chain: `[{ use: nova-us, when: '${when}' }, haiku-eu]` });

  it("denies a job without the tag that a condition reads", async () => {
    const { called, errors } = await run([{}, { tags: { residency: "us" } }], {
      text: entry('tags.residency != "eu"'),
    });

    expect(called).toEqual(["nova-us"]);
    expect(errors).toMatchObject([{ custom_id: "job-0", ...policyDenied }]);
  });

  it("denies it as well where a rule reads the tag", async () => {
    const rule = `routing: { rules: [{ name: abroad, when: 'tags.residency != "eu"', tier: capable }] }`;

    expect(await run([{}], { text: configured({ more: rule }) })).toMatchObject({ called: [], errors: [policyDenied] });
  });

  it("leaves the deployment out where the condition asks for the tag first", async () => {
    const text = entry('has(tags.residency) && tags.residency != "eu"');

    expect(await run([{}], { text })).toMatchObject({ called: ["haiku-eu"], errors: [] });
  });

  it("takes a fact that nobody stated for one that does not hold", async () => {
    const text = configured({ chain: "[gpt, haiku-eu]" });

    // What trains on data is not said of gpt.
    expect(await run([{ dataClass: "internal" }], { text })).toMatchObject({ called: ["haiku-eu"], errors: [] });
  });
});

describe("Bifrost: an invalid rule is logged and skipped, and an empty one always matches", () => {
  it.each([
    ["empty", ""],
    ["blank", "  "],
    ["no expression", 'residency = "eu"'],
    ["of an unknown name", 'region == "eu"'],
    ["of two types", "residency == 1"],
    ["not true or false", "residency"],
  ])("refuses a configuration with a rule or a when that is %s", (_, when) => {
    const rule = configured({ more: `routing: { rules: [{ name: home, when: '${when}', tier: capable }] }` });
    const entry = configured({ chain: `[haiku-eu, { use: nova-us, when: '${when}' }]` });

    expect(compileText(rule)).toMatchObject({ kind: "invalid", problems: [{ path: "routing.rules[0].when" }] });
    expect(compileText(entry)).toMatchObject({
      kind: "invalid",
      problems: [{ path: "tiers.lightweight.chain[1].when" }, {}, {}],
    });
  });

  it("lets a residency that asks no facts in nowhere outside AWS", async () => {
    const text = configured({ chain: "[gpt, llama]" });

    expect(await run([{ residency: "bare" }], { text })).toMatchObject({ called: [], errors: [policyDenied] });
  });
});

describe("LiteLLM: allowed_model_region is ignored unless pre-call checks are on", () => {
  it("holds a residency with nothing switched on, on the first call and on every other", async () => {
    const { called, errors } = await run([{ residency: "eu" }], { answer: down("haiku-eu") });

    expect(new Set(called)).toEqual(new Set(["haiku-eu", "llama"]));
    expect(errors).toEqual([]);
  });

  it("has no switch that would turn it off", () => {
    expect(compileText(configured({ more: "enablePreCallChecks: false\n" }))).toMatchObject({
      kind: "invalid",
      problems: [{ path: "enablePreCallChecks", message: expect.stringContaining("unknown key") }],
    });
  });
});

describe("LiteLLM: an error in counting tokens turns allowed_model_region off", () => {
  it("sends a request that cannot be measured nowhere, and stops no other", async () => {
    const document = documentOf(configured());
    const router = createRouter({ document, decider: createDecider(document, "eu-central-1") }, () => nowMs);
    const message = { role: "user" as const, content: "Hello" };
    const broken: ChatBody = {
      model: "auto",
      messages: [
        {
          ...message,
          get content(): string {
            throw new Error("no tokenizer");
          },
        },
      ],
    };
    const jobOf = (line: number, body: ChatBody): { kind: "job"; job: Job } => ({
      kind: "job",
      job: { id: `job-${line}`, line, body, options: { residency: "eu" } },
    });

    const errors: unknown[] = [];
    const { shards, refused } = await planChunk([jobOf(1, broken), jobOf(2, { model: "auto", messages: [message] })], {
      router,
      defaults: {},
      acceptedAtMs: nowMs,
      deadlineMs: nowMs + 1000,
      onError: (error) => errors.push(error),
    });

    expect(shards).toMatchObject([{ deployment: "haiku-eu", places: [1] }]);
    expect(errors).toEqual([expect.any(Error)]);
    // Nobody knows how sensitive it is.
    expect(refused).toMatchObject({ general: [], restricted: [{ line: 1, result: { error: { code: "internal" } } }] });
  });
});

describe("LiteLLM: an error of the PII analyser lets the prompt through unmasked", () => {
  const more = "detect: { raiseTo: { email: phi } }\n";
  const broken = () => {
    throw new Error("analyser down");
  };
  const cases: [string, Omit<Detectors, "minConfidence" | "onError">][] = [
    ["throws", { local: broken }],
    ["rejects", { local: () => [], remote: async () => broken() }],
  ];

  it.each(cases)("takes a job for the most sensitive class when a detector %s", async (_, detectors) => {
    const { called, errors } = await run([{}], { text: configured({ more }), detectors });

    expect(called).toEqual([]);
    expect(errors).toMatchObject([
      { error: { code: "policy-denied", message: expect.stringContaining("class secret") } },
    ]);
  });

  it.each(cases)("calls only who may see that class when a detector %s", async (_, detectors) => {
    const dataClasses = "{ public: {}, phi: { zone: restricted, require: { baa: true } } }";
    const text = configured({ dataClasses, more });

    expect(await run([{}], { text, detectors })).toMatchObject({ called: ["haiku-eu"], errors: [] });
  });

  it.each(cases)("makes no external call of a class that is redacted when a detector %s", async (_, detectors) => {
    const dataClasses = "{ public: { redact: true } }";
    const text = configured({
      chain: "[gpt, haiku-eu]",
      dataClasses,
      more: "detect: { raiseTo: { email: public } }\n",
    });
    const works = { local: () => [] };

    expect(await run([{}], { text, detectors })).toMatchObject({ called: ["haiku-eu"], errors: [] });
    expect(await run([{}], { text, detectors: works })).toMatchObject({ called: ["gpt"], errors: [] });
  });
});

describe('LiteLLM: a permanent policy mismatch says "try again in 5 seconds"', () => {
  const patience = /try again|retry|later|second|minute|wait/i;

  it("denies it at once, with every deployment's reason", async () => {
    const { called, errors, tookMs } = await run([{ dataClass: "secret" }]);

    expect(called).toEqual([]);
    expect(tookMs).toBe(0);
    const message = String(errorOf(errors).message);
    for (const name of ["nova-us", "gpt", "haiku-eu", "llama"])
      expect(message).toContain(`${name}: class secret requires`);
    expect(message).not.toMatch(patience);
    expect(errors).toMatchObject([policyDenied]);
  });

  it("denies it without waiting when a newer policy forbids the whole chain", async () => {
    const text = configured({ chain: "[haiku-eu, llama]" });
    const { called, errors } = await run([{ dataClass: "phi" }], {
      text,
      current: () =>
        text
          .replaceAll("baa: true, trainsOnData", "baa: false, trainsOnData")
          .replace("baa: true }", "baa: true }, quarantine: true"),
    });

    expect(called).toEqual([]);
    expect(errors).toMatchObject([policyDenied]);
    const message = String(errorOf(errors).message);
    for (const name of ["haiku-eu", "llama"]) expect(message).toContain(`${name}: class phi requires baa: true`);
    expect(message).not.toMatch(patience);
  });
});

describe("Cloudflare: a cached answer skips the data-loss check", () => {
  it("answers no job with what another got who was allowed to ask", async () => {
    const { called, errors } = await run([{}, { dataClass: "secret" }, {}]);

    expect(called).toEqual(["nova-us", "nova-us"]);
    expect(errors).toMatchObject([{ custom_id: "job-1", ...policyDenied }]);
  });

  it("has no cache that takes a like question for the same", () => {
    expect(compileText(configured({ more: "semantic: { cache: true }\n" }))).toMatchObject({
      kind: "invalid",
      problems: [{ message: expect.stringContaining("is not available yet; remove it.") }],
    });
  });

  it("has none for a class that nobody listed", () => {
    expect(compileText(configured({ more: "cache: { ttl: 1h }\n" }))).toMatchObject({
      kind: "invalid",
      problems: [{ path: "cache.classes" }],
    });
  });

  it("looks nothing up for a deployment that a newer policy takes from the class", async () => {
    const text = configured({ chain: "[haiku-eu, llama]", more: "cache: { classes: [phi] }\n" });
    const document = documentOf(text);
    const newer = documentOf(text.replace(/(haiku-eu: .*)baa: true, /, "$1"));
    let current = document;
    const region = "eu-central-1";
    const router = createRouter({ document, decider: createDecider(document, region) }, () => nowMs);
    const response = { choices: [{ finish_reason: "stop", message: { content: "Hello" } }] };
    const world = createWorld({
      document,
      router,
      region,
      current: () => current,
      answer: () => ({ kind: "completed", response, usage: { inputTokens: 1, outputTokens: 1 } }),
    });
    const content = JSON.stringify({
      custom_id: "job",
      method: "POST",
      url: "/v1/chat/completions",
      body: { model: "auto", messages: [{ role: "user", content: "Hello" }] },
      switchyard: { dataClass: "phi" },
    });
    const run = async (key: string) => {
      const batch = await world.upload(key, content);
      await world.settle();
      return world.read(batch, "output.jsonl").map(({ switchyard }) => Object(switchyard));
    };
    await run("uploads/first.jsonl");
    const [cached] = await run("uploads/second.jsonl");
    const asked = world.stores.answers.asked.length;
    current = newer;

    const [after] = await run("uploads/third.jsonl");

    expect(cached).toMatchObject({ deployment: "haiku-eu", attempts: [], cached: {} });
    expect(after).toMatchObject({ deployment: "llama", attempts: [{ deployment: "llama" }] });
    // Only the deployment that it went to was asked about.
    expect(world.stores.answers.asked).toHaveLength(asked + 1);
    expect(world.stores.answers.asked.at(-1)).not.toBe(world.stores.answers.asked[0]);
  });
});

describe("several (gptme, Bifrost): a retry or a fallback drops the data policy", () => {
  it("retries and falls back only where the job may go", async () => {
    const { called, errors } = await run([{ dataClass: "phi" }], { answer: down("haiku-eu", "llama") });

    expect(new Set(called)).toEqual(new Set(["haiku-eu", "llama"]));
    // Both again in each round, and nobody else in the end.
    expect(called.length).toBeGreaterThan(2);
    expect(errors).toMatchObject([{ error: { code: "exhausted" } }]);
  });

  it("falls back to nobody from whom the policy took the job since it was planned", async () => {
    const text = configured({ chain: "[haiku-eu, llama]" });
    let latest = text;
    const answer: Answer = (call, deployment, atMs) => {
      latest = text
        .replace("residency: eu, dpa: true, baa: true", "residency: eu, dpa: true, baa: false")
        .replaceAll("zone: restricted, require", "zone: restricted, quarantine: true, require");
      return down("haiku-eu")(call, deployment, atMs);
    };

    const { called, errors } = await run([{ dataClass: "phi" }], { text, answer, current: () => latest });

    expect(new Set(called)).toEqual(new Set(["haiku-eu"]));
    expect(errors).toMatchObject([{ error: { code: "exhausted" } }]);
  });

  it("keeps what was found in a request with it on every hop", async () => {
    const text = configured({ more: "detect: { raiseTo: { email: phi } }\n" });
    const email = { type: "email", start: 0, end: 5, confidence: 1 } as const;
    const detectors = { local: () => [email] };

    const { called, errors } = await run([{ dataClass: "public" }], { text, detectors, answer: down("haiku-eu") });

    expect(new Set(called)).toEqual(new Set(["haiku-eu", "llama"]));
    expect(errors).toEqual([]);
  });
});

function errorOf([line]: readonly Record<string, unknown>[]): Record<string, unknown> {
  const error = line?.error;
  return typeof error === "object" && error !== null ? { ...error } : {};
}
