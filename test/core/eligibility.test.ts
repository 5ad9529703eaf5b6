import { describe, expect, it } from "vitest";
import type { Deployment, Facts, Residency } from "../../lib/core/configuration/document.ts";
import { capabilitiesOf, eligibility, homeOutside, ineligible, type Needs } from "../../lib/core/eligibility.ts";
import { configuration, deploymentOf, documentOf } from "./policy-fixture.ts";

function ask(
  deployment: Deployment,
  {
    require = {},
    residency,
    needs = { capabilities: [] },
    nowMs = 0,
  }: { require?: Facts; residency?: Residency; needs?: Needs; nowMs?: number },
) {
  const dataClass = { name: "phi", zone: "restricted" as const, require, quarantine: false };
  const limits = {
    dataClass,
    residency: residency && { name: "eu", rule: residency },
    needs,
    nowMs,
    redactable: false,
  };
  return ineligible(deployment, limits);
}

describe("facts", () => {
  it.each<[Facts, Facts, string | undefined]>([
    [{}, {}, undefined],
    [{ dpa: true }, { dpa: true }, undefined],
    [{ dpa: true }, {}, "class phi requires dpa: true"],
    [{ dpa: true }, { dpa: false }, "class phi requires dpa: true"],
    [{ dpa: true }, { dpa: "true" }, "class phi requires dpa: true"],
    [{ trainsOnData: false }, {}, "class phi requires trainsOnData: false"],
    [{ residency: "eu" }, { residency: "us" }, "class phi requires residency: eu"],
    [{ dpa: true, baa: true }, { dpa: true }, "class phi requires baa: true"],
    [{ constructor: true }, {}, "class phi requires constructor: true"],
  ])("%j required and %j stated: %s", (require, facts, reason) => {
    expect(ask(deploymentOf({ facts }), { require })?.reason).toBe(reason);
  });

  it("that have ended satisfy nothing, from the first moment on", () => {
    const evidence = { baa: { by: "Legal", until: "2026-12-31", untilMs: 1000 } };
    const deployment = deploymentOf({ facts: { baa: true }, evidence });
    const reason = "class phi requires baa: true, which held until 2026-12-31";

    expect(ask(deployment, { require: { baa: true }, nowMs: 999 })).toBeUndefined();
    expect(ask(deployment, { require: { baa: true }, nowMs: 1000 })).toEqual({ kind: "policy", reason });
    expect(ask(deployment, { require: {}, nowMs: 1000 })).toBeUndefined();
  });

  it("of a residency end as well", () => {
    const evidence = { residency: { until: "2026-12-31", untilMs: 1000 } };
    const deployment = deploymentOf({ facts: { residency: "eu" }, evidence });
    const residency = { regions: [], inferenceProfiles: [], facts: { residency: "eu" } };

    expect(ask(deployment, { residency, nowMs: 999 })).toBeUndefined();
    expect(ask(deployment, { residency, nowMs: 1000 })?.reason).toMatch(/requires residency: eu, which held until/);
  });
});

describe("residency", () => {
  const eu: Residency = {
    regions: ["eu-central-1"],
    inferenceProfiles: ["in-region", "eu"],
    facts: { residency: "eu" },
  };
  const bedrock = { provider: "bedrock", region: "eu-central-1", inferenceProfile: "in-region" };

  it.each<[string, Partial<Deployment>, Residency, string | undefined]>([
    ["in its region", bedrock, eu, undefined],
    ["in another region", { ...bedrock, region: "us-east-1" }, eu, "residency eu does not allow region us-east-1"],
    ["through a listed profile", { ...bedrock, inferenceProfile: "eu" }, eu, undefined],
    [
      "through a profile that is not listed",
      { ...bedrock, inferenceProfile: "eu" },
      { ...eu, inferenceProfiles: ["in-region"] },
      "residency eu does not allow eu inference",
    ],
    [
      "in its region where only profiles are listed",
      bedrock,
      { ...eu, inferenceProfiles: ["eu"] },
      "residency eu does not allow in-region inference",
    ],
    [
      "globally, whatever is listed",
      { ...bedrock, inferenceProfile: "global" },
      { ...eu, inferenceProfiles: ["in-region", "global"] },
      "residency eu does not allow global inference",
    ],
    ["outside AWS with the facts", { facts: { residency: "eu" } }, eu, undefined],
    ["outside AWS without them", {}, eu, "residency eu requires residency: eu"],
    [
      "outside AWS when no facts are asked",
      { facts: { residency: "eu" } },
      { ...eu, facts: {} },
      "residency eu allows nothing outside AWS",
    ],
  ])("%s", (_what, deployment, residency, reason) => {
    expect(ask(deploymentOf(deployment), { residency })?.reason).toBe(reason);
  });

  it("sends a job to a stack that may take it", () => {
    const { policy } = documentOf(configuration);

    expect(homeOutside("eu", eu, "eu-central-1", policy)).toBeUndefined();
    expect(homeOutside("eu", eu, "us-east-1", policy)).toBe(
      "Residency eu may not be processed in us-east-1; send it to the stack in eu-central-1.",
    );
    expect(homeOutside("uk", { ...eu, regions: ["eu-west-2"] }, "us-east-1", policy)).toMatch(/no stack/);
  });
});

describe("needs", () => {
  it("rejects a deployment that lacks a capability", () => {
    const needs: Needs = { capabilities: ["tools", "images"] };

    expect(ask(deploymentOf({ supports: ["tools"] }), { needs })).toEqual({
      kind: "capability",
      reason: "does not support images",
    });
    expect(ask(deploymentOf({ supports: ["images", "tools"] }), { needs })).toBeUndefined();
  });

  it("counts the longest answer into the context", () => {
    const deployment = deploymentOf({ contextTokens: 1000 });

    expect(ask(deployment, { needs: { capabilities: [], contextTokens: 1000 } })).toBeUndefined();
    expect(ask(deployment, { needs: { capabilities: [], contextTokens: 1001 } })).toEqual({
      kind: "context",
      reason: "the job needs more than its 1000 tokens of context",
    });
  });

  it("puts policy before capability before context", () => {
    const needs: Needs = { capabilities: ["tools"], contextTokens: 10 };
    const short = deploymentOf({ contextTokens: 1 });

    expect(ask(short, { require: { dpa: true }, needs })?.kind).toBe("policy");
    expect(ask(short, { needs })?.kind).toBe("capability");
  });

  it("are read off the features", () => {
    expect(capabilitiesOf({ hasTools: false, hasImages: false, responseFormat: "text" })).toEqual([]);
    expect(capabilitiesOf({ hasTools: true, hasImages: true, responseFormat: "json_schema" })).toEqual([
      "tools",
      "json-schema",
      "images",
    ]);
    expect(capabilitiesOf({ hasTools: false, hasImages: false, responseFormat: "json_object" })).toEqual([
      "json-schema",
    ]);
  });
});

it("parts deployments into eligible and rejected, in their order", () => {
  const dataClass = { name: "pii", zone: "restricted" as const, require: { dpa: true }, quarantine: false };
  const limits = { dataClass, residency: undefined, needs: { capabilities: [] }, nowMs: 0, redactable: false };
  const deployments = [
    deploymentOf({ name: "a", facts: { dpa: true } }),
    deploymentOf({ name: "b" }),
    deploymentOf({ name: "c", facts: { dpa: true } }),
  ];

  expect(eligibility(deployments, limits)).toEqual({
    eligible: ["a", "c"],
    rejected: [{ deployment: "b", reason: "class pii requires dpa: true" }],
  });
});
