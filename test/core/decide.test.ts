import { describe, expect, it } from "vitest";
import { createDecider } from "../../lib/core/decide.ts";
import type { Decision } from "../../lib/core/decision.ts";
import type { Detection } from "../../lib/core/detect/detection.ts";
import type { FindingType } from "../../lib/core/detect/finding.ts";
import { features } from "../../lib/core/features.ts";
import type { BatchDefaults, JobOptions } from "../../lib/core/job.ts";
import { configuration, documentOf, jobOf } from "./policy-fixture.ts";

const hard = "Prove that there are infinitely many primes, derive a bound, explain each step and compare two proofs.";

function decide(
  options: JobOptions = {},
  { content, model, defaults = {}, home = "us-east-1", text = configuration, nowMs = 0, detection }: Ask = {},
): Decision {
  return createDecider(documentOf(text), home).decide(jobOf(options, content, model), defaults, { nowMs, detection });
}
type Ask = {
  content?: string;
  model?: string;
  defaults?: BatchDefaults;
  home?: string;
  text?: string;
  nowMs?: number;
  detection?: Detection;
};

function found(...types: FindingType[]): Detection {
  const findings = types.map((type) => ({ type, start: 0, end: 3, confidence: 1 }));
  return { kind: "found", parts: [{ part: "messages[0].content", findings }] };
}

/** The configuration with what its end says. */
function withAlso(text: string): string {
  return `${configuration}${text}`;
}

describe("the order of a tier", () => {
  const lightweight = (chain: string) => configuration.replace("{ chain: [nova, gpt, llama] }", chain);
  const of = (chain: string, options: JobOptions = {}, ask: Ask = {}) =>
    decide(options, { ...ask, text: lightweight(chain) });

  it("stands in the decision, and orders what is eligible", () => {
    const chain = "{ order: cheapest, chain: [nova, gpt, llama] }";

    expect(of(chain)).toMatchObject({ chain: ["llama", "nova", "gpt"], order: "cheapest" });
    expect(of(chain, { dataClass: "phi" })).toMatchObject({
      chain: ["llama", "nova"],
      rejected: [{ deployment: "gpt", reason: "class phi requires baa: true" }],
    });
    expect(decide()).not.toHaveProperty("order");
  });

  it("leaves a deployment that the job names at the head", () => {
    const chain = "{ order: cheapest, chain: [nova, gpt, llama] }";

    expect(of(chain, {}, { model: "gpt" })).toMatchObject({ chain: ["gpt", "llama", "nova"] });
  });

  it("goes by what was measured, which is given", () => {
    const document = documentOf(lightweight("{ order: fastest, chain: [nova, gpt, llama] }"));
    const decider = createDecider(document, "us-east-1");
    const measured: Record<string, number> = { nova: 900, gpt: 100, llama: 500 };
    const latencyMs = (name: string) => measured[name];

    expect(decider.decide(jobOf(), {}, { nowMs: 0, latencyMs })).toMatchObject({
      chain: ["gpt", "llama", "nova"],
      order: "fastest",
    });
    expect(decider.decide(jobOf(), {}, { nowMs: 0 })).toMatchObject({ order: "fastest" });
  });

  it("is each job's own when it is weighted, and the same when it is decided again", () => {
    const document = documentOf(
      lightweight("{ order: weighted, chain: [{ use: nova, weight: 3 }, gpt, { use: llama, weight: 0.001 }] }"),
    );
    const chains = (id: string) => {
      const decision = createDecider(document, "us-east-1").decide({ ...jobOf(), id }, {}, { nowMs: 0 });
      return decision.kind === "routed" ? decision.chain : [];
    };
    const ids = Array.from({ length: 400 }, (_, index) => `job-${index}`);
    const heads = ids.map((id) => chains(id)[0]);

    expect(heads).toEqual(ids.map((id) => chains(id)[0]));
    expect(heads.filter((name) => name === "nova").length / ids.length).toBeCloseTo(0.75, 1);
  });
});

describe("what a job may cost", () => {
  // nova and gpt cost $0.15 and $0.60 a million tokens, llama $0.05 both.
  const body = { model: "auto", messages: [{ role: "user" as const, content: "Where is my card?" }], max_tokens: 1000 };
  const of = (maxCostUsd: number) =>
    createDecider(documentOf(configuration), "us-east-1").decide({ ...jobOf({ maxCostUsd }), body }, {}, { nowMs: 0 });

  it("leaves deployments out on which its longest answer would cost more", () => {
    expect(of(0.01)).toMatchObject({ kind: "routed", chain: ["nova", "gpt", "llama"] });
    expect(of(0.0001)).toMatchObject({
      kind: "routed",
      chain: ["llama"],
      rejected: [
        { deployment: "nova", reason: "may cost more than the job's maxCostUsd" },
        { deployment: "gpt", reason: "may cost more than the job's maxCostUsd" },
      ],
    });
  });

  it("ends it as budget-exceeded where none is left, with what to do", () => {
    expect(of(0.000001)).toMatchObject({
      kind: "denied",
      error: { code: "budget-exceeded", message: expect.stringMatching(/llama: may cost more .* max_tokens/) },
    });
  });
});

describe("what decides the tier", () => {
  it("is the job's own tier before all else", () => {
    expect(decide({ tier: "standard", tenant: "vip" }, { model: "gpt-4o" })).toMatchObject({
      tier: "standard",
      strategy: "tier",
      reason: "the job names its tier",
      complexity: "lightweight",
    });
  });

  it.each([
    ["capable", "capable", "the model capable is a tier", ["gpt", "haiku-eu", "llama"]],
    ["gpt-4o", "capable", "the model gpt-4o is an alias", ["gpt", "haiku-eu", "llama"]],
    ["llama", "lightweight", "the model llama is a deployment", ["llama", "nova", "gpt"]],
    ["haiku-eu", "standard", "the model haiku-eu is a deployment", ["haiku-eu", "gpt", "llama"]],
  ])("is the model %s", (model, tier, reason, chain) => {
    expect(decide({ tenant: "vip" }, { model })).toMatchObject({ tier, strategy: "model", reason, chain });
  });

  it.each(["gpt-99", "constructor", "__proto__", "Capable"])(
    "refuses the unknown model %s and lists what is allowed",
    (model) => {
      const decision = decide({}, { model });

      expect(decision).toMatchObject({
        kind: "denied",
        error: { code: "unknown-model" },
        complexity: "lightweight",
        dataClass: "internal",
        rejected: [],
      });
      expect(decision.kind === "denied" && decision.error.message).toContain(
        "allowed: auto, lightweight, standard, capable, gpt-4o, nova, gpt, llama, haiku-eu.",
      );
    },
  );

  it("takes an unknown model for auto if the configuration says so", () => {
    const text = `${configuration}unknownModel: auto\n`;

    expect(decide({}, { model: "gpt-99", text })).toMatchObject({ kind: "routed", strategy: "complexity" });
  });

  it("is the first rule that matches", () => {
    expect(decide({ tenant: "vip", priority: "high", tags: { kind: "report" } })).toMatchObject({
      tier: "capable",
      strategy: "rule",
      reason: "rule vip",
    });
    expect(decide({ priority: "high", tags: { kind: "report" } })).toMatchObject({
      tier: "standard",
      reason: "rule tagged",
    });
  });

  it("reads the batch's tenant where the line has none", () => {
    expect(decide({}, { defaults: { tenant: "vip" } })).toMatchObject({ reason: "rule vip" });
    expect(decide({ tenant: "b" }, { defaults: { tenant: "vip" } })).toMatchObject({ strategy: "complexity" });
  });

  it("denies a job for which a rule cannot be evaluated", () => {
    expect(decide({ priority: "high" })).toMatchObject({
      kind: "denied",
      error: { code: "policy-denied", message: expect.stringMatching(/rule tagged cannot be evaluated/) },
    });
  });

  it("is the complexity when no rule matches", () => {
    expect(decide()).toMatchObject({ tier: "lightweight", strategy: "complexity", reason: "short and plain" });
    expect(decide({}, { content: hard })).toMatchObject({
      tier: "capable",
      strategy: "complexity",
      complexity: "capable",
    });
  });

  it("is the default when no strategy is asked", () => {
    const text = configuration.replace("then: [complexity]", "then: []");

    expect(decide({}, { text })).toMatchObject({ tier: "standard", strategy: "default", complexity: "lightweight" });
  });
});

describe("the data class", () => {
  it.each<[string | undefined, string | undefined, string]>([
    [undefined, undefined, "internal"],
    ["public", undefined, "public"],
    ["phi", undefined, "phi"],
    [undefined, "phi", "phi"],
    ["public", "phi", "phi"],
    ["financial", "phi", "financial"],
    [undefined, "public", "internal"],
  ])("of a line %s in a batch %s is %s", (line, batch, dataClass) => {
    const decision = decide(line === undefined ? {} : { dataClass: line }, {
      defaults: batch === undefined ? {} : { dataClass: batch },
    });

    expect(decision).toMatchObject({ kind: "routed", dataClass });
  });

  it("brings its zone", () => {
    expect(decide({ dataClass: "internal" })).toMatchObject({ zone: "general" });
    expect(decide({ dataClass: "phi" })).toMatchObject({ zone: "restricted" });
    expect(decide({ dataClass: "financial" })).toMatchObject({ zone: "restricted" });
  });

  it.each(["secret", "constructor", "PHI", ""])("is refused when it is %j", (dataClass) => {
    for (const decision of [decide({ dataClass }), decide({}, { defaults: { dataClass } })])
      expect(decision).toMatchObject({
        kind: "denied",
        error: {
          code: "unknown-data-class",
          message: expect.stringContaining("there are public, internal, phi, financial."),
        },
        rejected: [],
      });
  });
});

describe("the residency", () => {
  it("keeps what is outside it away", () => {
    expect(decide({ residency: "eu" }, { home: "eu-central-1", model: "standard" })).toMatchObject({
      kind: "routed",
      residency: "eu",
      chain: ["haiku-eu", "llama"],
      rejected: [
        { deployment: "gpt", reason: "residency eu requires residency: eu" },
        { deployment: "nova", reason: "residency eu does not allow region us-east-1" },
      ],
    });
  });

  it("denies a job taken in at the wrong stack, with advice", () => {
    expect(decide({ residency: "eu" })).toMatchObject({
      kind: "denied",
      error: { code: "policy-denied", message: expect.stringMatching(/send it to the stack in eu-central-1/) },
      residency: "eu",
    });
  });

  it("comes from the batch where the line has none", () => {
    const defaults = { residency: "eu" };

    expect(decide({}, { defaults, home: "eu-central-1" })).toMatchObject({ kind: "routed", residency: "eu" });
    expect(decide({ residency: "eu" }, { defaults, home: "eu-central-1" })).toMatchObject({ kind: "routed" });
  });

  it("is refused when line and batch disagree", () => {
    expect(decide({ residency: "eu" }, { defaults: { residency: "germany" }, home: "eu-central-1" })).toMatchObject({
      kind: "denied",
      error: { code: "policy-denied", message: expect.stringMatching(/another batch/) },
    });
  });

  it.each(["mars", "toString"])("is refused when it is %s", (residency) => {
    for (const decision of [decide({ residency }), decide({}, { defaults: { residency } })])
      expect(decision).toMatchObject({
        kind: "denied",
        error: { code: "unknown-residency", message: expect.stringContaining("there are eu, germany, us.") },
      });
  });
});

describe("the chain", () => {
  it("is the tier's, less what may not see the job, with each reason", () => {
    expect(decide({ dataClass: "financial" })).toMatchObject({
      kind: "routed",
      chain: ["llama"],
      rejected: [
        { deployment: "nova", reason: "class financial requires onPremises: true" },
        { deployment: "gpt", reason: "class financial requires baa: true" },
      ],
    });
  });

  it("has an entry with when only when that holds", () => {
    const simple = decide({ tier: "standard" });
    const complex = decide({ tier: "standard" }, { content: hard });

    expect(simple).toMatchObject({ chain: ["haiku-eu", "gpt", "llama"] });
    expect(simple.rejected).toEqual([{ deployment: "nova", reason: 'left out by its when: complexity == "capable"' }]);
    expect(complex).toMatchObject({ chain: ["haiku-eu", "gpt", "llama", "nova"], rejected: [] });
  });

  it("denies a job for which a when cannot be evaluated", () => {
    const text = configuration.replace('complexity == "capable"', 'tags.team == "a"');

    expect(decide({ tier: "standard" }, { text })).toMatchObject({
      kind: "denied",
      error: { code: "policy-denied", message: expect.stringMatching(/when of nova in standard/) },
    });
    expect(decide({ tier: "standard", tags: { team: "a" } }, { text })).toMatchObject({
      chain: ["haiku-eu", "gpt", "llama", "nova"],
    });
  });

  it("rejects a named deployment that may not see the job like any other", () => {
    expect(decide({ dataClass: "phi" }, { model: "gpt" })).toMatchObject({
      tier: "lightweight",
      chain: ["nova", "llama"],
      rejected: [{ deployment: "gpt", reason: "class phi requires baa: true" }],
    });
  });

  it("leaves out what lacks a capability", () => {
    const decider = createDecider(documentOf(configuration), "us-east-1");
    const job = jobOf();
    const tools = { ...job, body: { ...job.body, tools: [{ type: "function" }] } };

    expect(decider.decide(tools, {}, { nowMs: 0 })).toMatchObject({
      chain: ["gpt", "llama"],
      rejected: [{ deployment: "nova", reason: "does not support tools" }],
    });
  });

  it("denies a job that nobody may see, with each reason", () => {
    const decision = decide({ residency: "us", dataClass: "phi" }, { model: "capable" });

    expect(decision).toMatchObject({
      kind: "denied",
      tier: "capable",
      strategy: "model",
      error: {
        code: "policy-denied",
        message: expect.stringMatching(/No deployment of capable may see this job of class phi with residency us/),
      },
    });
    expect(decision.rejected.map(({ deployment }) => deployment)).toEqual(["gpt", "haiku-eu", "llama"]);
  });

  it("says so when only the context is too short", () => {
    expect(decide({ dataClass: "financial" }, { content: "many words ".repeat(6000) })).toMatchObject({
      kind: "denied",
      error: { code: "context-too-long" },
    });
    expect(decide({}, { content: "many words ".repeat(6000), model: "capable" })).toMatchObject({
      chain: ["gpt", "haiku-eu"],
      rejected: [{ deployment: "llama", reason: "the job needs more than its 8000 tokens of context" }],
    });
  });
});

it("uses the features that it is given", () => {
  const decider = createDecider(documentOf(configuration), "us-east-1");
  const job = jobOf();

  expect(decider.decide(job, {}, { nowMs: 0, read: { ...features(job.body), hasTools: true } })).toMatchObject({
    chain: ["gpt", "llama"],
  });
});

describe("reEligible", () => {
  const decider = createDecider(documentOf(configuration), "eu-central-1");

  it.each<[Parameters<typeof decider.reEligible>[0], string, string | undefined]>([
    [{ dataClass: "internal", needs: [], zone: "general" }, "gpt", undefined],
    [{ dataClass: "phi", needs: [], zone: "restricted" }, "gpt", "class phi requires baa: true"],
    [{ dataClass: "phi", residency: "eu", needs: [], zone: "restricted" }, "haiku-eu", undefined],
    [
      { dataClass: "phi", residency: "eu", needs: [], zone: "restricted" },
      "nova",
      "residency eu does not allow region us-east-1",
    ],
    [{ dataClass: "internal", needs: ["tools"], zone: "general" }, "haiku-eu", "does not support tools"],
  ])("asks again: %j, %s", (context, deployment, reason) => {
    expect(decider.reEligible(context, deployment, 0)).toBe(reason);
  });

  it.each<[Parameters<typeof decider.reEligible>[0], string, RegExp]>([
    [{ dataClass: "internal", needs: [], zone: "general" }, "gone", /is not in policy/],
    [{ dataClass: "internal", needs: [], zone: "general" }, "constructor", /is not in policy/],
    [{ dataClass: "gone", needs: [], zone: "restricted" }, "llama", /Unknown data class/],
    [{ dataClass: "public", residency: "gone", needs: [], zone: "general" }, "llama", /Unknown residency/],
    [
      { dataClass: "public", residency: "us", needs: [], zone: "general" },
      "llama",
      /may not be processed in eu-central-1/,
    ],
    [{ dataClass: "phi", needs: [], zone: "general" }, "llama", /is restricted by now/],
  ])("fails closed: %j, %s", (context, deployment, reason) => {
    expect(decider.reEligible(context, deployment, 0)).toMatch(reason);
  });
});

describe("detection", () => {
  const text = withAlso("detect: { raiseTo: { email: phi, name: internal, creditCard: financial } }\n");

  it.each<[JobOptions, Detection | undefined, string, string]>([
    [{ dataClass: "public" }, undefined, "public", "the job says public"],
    [{}, found(), "internal", "untagged jobs are internal"],
    [{ dataClass: "public" }, found("name"), "internal", "found: name"],
    [{}, found("name"), "internal", "untagged jobs are internal"],
    [{}, found("email", "name"), "phi", "found: email"],
    [{ dataClass: "phi" }, found("email"), "phi", "the job says phi"],
    [{ dataClass: "phi" }, found("name"), "phi", "the job says phi"],
    [{}, found("creditCard", "email"), "financial", "found: creditCard"],
    [{}, found("iban", "phone"), "internal", "untagged jobs are internal"],
    [{}, { kind: "failed" }, "financial", "detection failed, so the most sensitive class holds"],
    [{ dataClass: "financial" }, { kind: "failed" }, "financial", "the job says financial"],
  ])("%j with %j is %s: %s", (options, detection, dataClass, dataClassReason) => {
    expect(decide(options, { text, ...(detection && { detection }) })).toMatchObject({ dataClass, dataClassReason });
  });

  it("says with the decision whether the texts were looked through", () => {
    expect(decide({}, { text, detection: found() })).toMatchObject({ detection: "done" });
    expect(decide({}, { text, detection: { kind: "failed" } })).toMatchObject({ detection: "failed" });
    expect(decide({}, { text })).not.toHaveProperty("detection");
  });
});

describe("a tenant", () => {
  const text = withAlso("tenants: { acme: { uploads: acme/, dataClass: phi }, other: { uploads: other/ } }\n");

  it("is a floor for the class of its jobs", () => {
    expect(decide({ tenant: "acme", dataClass: "public" }, { text })).toMatchObject({
      dataClass: "phi",
      dataClassReason: "tenant acme is phi",
    });
    expect(decide({ tenant: "acme", dataClass: "financial" }, { text })).toMatchObject({ dataClass: "financial" });
    expect(decide({ tenant: "other", dataClass: "public" }, { text })).toMatchObject({ dataClass: "public" });
  });

  it("may be its batch's", () => {
    expect(decide({ dataClass: "public" }, { text, defaults: { tenant: "acme" } })).toMatchObject({ dataClass: "phi" });
  });
});

describe("a class that is redacted", () => {
  const text = withAlso("detect: { raiseTo: { email: internal } }\n").replace(
    "internal: { require",
    "internal: { redact: true, require",
  );

  it("goes to an external provider when all of its personal data is known", () => {
    expect(decide({ tier: "lightweight" }, { text, detection: found("email") })).toMatchObject({
      chain: ["nova", "gpt", "llama"],
    });
  });

  it("goes to no external provider when nothing was looked for", () => {
    expect(decide({ tier: "lightweight" }, { text })).toMatchObject({
      chain: ["nova", "llama"],
      rejected: [
        {
          deployment: "gpt",
          reason: "class internal is redacted before external calls, and what was not looked through cannot be",
        },
      ],
    });
  });

  it("goes to no external provider with a file that nobody read", () => {
    const detection: Detection = { kind: "found", parts: [], unread: true };

    expect(decide({ tier: "lightweight" }, { text, detection })).toMatchObject({
      chain: ["nova", "llama"],
      dataClassReason: "untagged jobs are internal",
      detection: "partial",
    });
  });

  it("never makes a deployment eligible", () => {
    const open = withAlso("detect: { raiseTo: { email: internal } }\n");
    const [plain, redacted] = [open, text].map((each) =>
      decide({ tier: "lightweight", dataClass: "phi" }, { text: each, detection: found("email") }),
    );

    expect(redacted).toEqual(plain);
    expect(redacted).toMatchObject({ kind: "routed", chain: ["nova", "llama"] });
  });
});

it("goes nowhere that a fact has ended", () => {
  const text = configuration.replace(
    "dpa: true, baa: true",
    'dpa: true, baa: { value: true, until: 2026-12-31, by: "L" }',
  );
  const options = { dataClass: "phi", tier: "lightweight" } as const;

  expect(decide(options, { text, nowMs: Date.parse("2026-12-31T23:59:59.999Z") })).toMatchObject({
    chain: ["nova", "llama"],
  });
  expect(decide(options, { text, nowMs: Date.parse("2027-01-01T00:00:00Z") })).toMatchObject({
    chain: ["llama"],
    rejected: expect.arrayContaining([
      { deployment: "nova", reason: "class phi requires baa: true, which held until 2026-12-31" },
    ]),
  });
});
