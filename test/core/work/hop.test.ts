import { describe, expect, it } from "vitest";
import { createDecider } from "../../../lib/core/decide.ts";
import { createHop } from "../../../lib/core/work/hop.ts";
import { configuration, documentOf } from "../policy-fixture.ts";

const now = { ms: 0 };
const general = { dataClass: "internal", needs: [], redactable: true as const };

/** A hop of general jobs that were planned under the fixture's configuration, with what changed in it since. */
function hopTo(...changes: [from: string, to: string][]) {
  const later = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The fixture has no ${from}.`);
    return text.replace(from, to);
  }, withDetection(configuration));
  const [planned, current] = [withDetection(configuration), later].map((text) => {
    const document = documentOf(text);
    return { document, decider: createDecider(document, "eu-central-1") };
  });
  if (planned === undefined || current === undefined) throw new Error("no policy");
  return createHop(
    planned,
    () => current,
    "general",
    () => now.ms,
  );
}

function withDetection(text: string): string {
  return `${text.replace("financial: {", "financial: { quarantine: true,")}detect: { raiseTo: { email: phi } }\n`;
}

describe("a hop", () => {
  it("goes by both versions", () => {
    expect(hopTo().forbidden(general, "gpt")).toBeUndefined();
    expect(
      hopTo(["facts: { dpa: true, trainsOnData: false } }", "facts: { dpa: true } }"]).forbidden(general, "gpt"),
    ).toBe("class internal requires trainsOnData: false");
    // A newer policy adds nothing.
    const later = hopTo([
      "gpt-4o-mini, secret: switchyard/openai",
      "gpt-4o-mini, secret: switchyard/openai, supports: []",
    ]);
    expect(later.forbidden({ ...general, needs: ["tools"] }, "gpt")).toBe("does not support tools");
  });

  it.each([
    [
      "another host",
      "gpt",
      "secret: switchyard/openai",
      "secret: switchyard/openai, baseUrl: https://proxy.example.com/v1",
    ],
    ["another region", "nova", "region: us-east-1", "region: us-west-2"],
    ["wider inference", "haiku-eu", "model: eu.anthropic", "model: global.anthropic"],
  ])("forbids a name that means %s by now: what is stated is stated of that", (_, name, from, to) => {
    expect(hopTo().forbidden(general, name)).toBeUndefined();
    expect(hopTo([from, to]).forbidden(general, name)).toMatch(/^is in another place in policy [0-9a-f]+$/);
  });
});

describe("a hop of an invocation that outlasts a policy", () => {
  it("goes by each version that becomes current, and names them all", () => {
    const compiled = [
      configuration,
      configuration.replace(
        "secret: switchyard/openai, facts: { dpa: true, trainsOnData: false }",
        "secret: switchyard/openai, facts: {}",
      ),
    ].map((text) => {
      const document = documentOf(withDetection(text));
      return { document, decider: createDecider(document, "eu-central-1") };
    });
    const [planned, later] = compiled;
    if (planned === undefined || later === undefined) throw new Error("no policy");
    let current = planned;
    const hop = createHop(
      planned,
      () => current,
      "general",
      () => now.ms,
    );

    const before = [hop.forbidden(general, "gpt"), hop.versions.length];
    current = later;

    expect(before).toEqual([undefined, 1]);
    expect(hop.forbidden(general, "gpt")).toBe("class internal requires trainsOnData: false");
    expect(hop.versions).toEqual([planned.document.version, later.document.version]);
  });
});

describe("what is redacted on a hop", () => {
  const redact: [string, string] = ["internal: { require", "internal: { redact: true, require"];
  const away: [string, string] = [
    "facts: { onPremises: true, residency: eu",
    "secret: switchyard/key\n    facts: { residency: eu",
  ];
  const ended: [string, string] = [
    "onPremises: true, residency",
    "onPremises: { value: true, until: 2026-12-31 }, residency",
  ];
  const redacts = (name: string, ...changes: [string, string][]) => {
    const hop = hopTo(...changes);
    const deployment = hop.deployments[name];
    if (deployment === undefined) throw new Error(`The fixture has no ${name}.`);
    return hop.redacts("internal", deployment);
  };

  it("is what either version asks for, before calls that either calls external", () => {
    expect(redacts("gpt")).toBe(false);
    expect(redacts("gpt", redact)).toBe(true);
    expect(redacts("nova", redact)).toBe(false);
    expect(redacts("llama", redact)).toBe(false);
    expect(redacts("llama", redact, away)).toBe(true);
  });

  it("is also what goes to a server that was the owner's until now", () => {
    now.ms = Date.parse("2026-12-31T23:59:59.999Z");
    expect(redacts("llama", redact, ended)).toBe(false);

    now.ms += 1;
    expect(redacts("llama", redact, ended)).toBe(true);
  });
});
