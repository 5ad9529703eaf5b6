import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { laneName, lanesOf } from "../../lib/core/lane.ts";
import { configuration, deploymentOf, documentOf } from "./policy-fixture.ts";

describe("laneName", () => {
  it.each([
    [{ provider: "bedrock", region: "us-east-1" }, "bedrock-us-east-1-general"],
    [{ secret: "switchyard/openai" }, "openai-api-openai-com-general"],
    [{ secret: "switchyard/openai-team-b" }, "openai-api-openai-com-openai-team-b-general"],
    [{ baseUrl: "http://127.0.0.1:8000/v1" }, "openai-127-0-0-1-8000-general"],
    [{ baseUrl: "https://LLM.example.internal/team/v1" }, "openai-llm-example-internal-team-general"],
  ])("of %j is %s", (deployment, name) => {
    const { baseUrl: _, ...inRegion } = deploymentOf(deployment);

    expect(laneName("region" in deployment ? inRegion : deploymentOf(deployment), "general")).toBe(name);
  });

  it("is short and plain whatever the host and the secret", () => {
    fc.assert(
      fc.property(fc.webUrl(), fc.string({ minLength: 1 }), (baseUrl, secret) => {
        const name = laneName(deploymentOf({ provider: "openai-compatible", baseUrl, secret }), "restricted");

        expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*-restricted$/);
        expect(name.length).toBeLessThanOrEqual(60);
      }),
    );
  });

  it("keeps long hosts apart", () => {
    const host = (name: string) =>
      deploymentOf({ baseUrl: `https://${name}.models.of.a.very.long.example.internal/v1` });

    expect(laneName(host("frankfurt-one"), "general")).not.toBe(laneName(host("frankfurt-two"), "general"));
  });
});

describe("lanesOf", () => {
  it("gives each zone the deployments that some class of it may use", () => {
    const lanes = lanesOf(documentOf(configuration).policy);

    expect(lanes.map(({ name, deployments }) => [name, deployments])).toEqual([
      ["bedrock-eu-central-1-general", ["haiku-eu"]],
      ["bedrock-eu-central-1-restricted", ["haiku-eu"]],
      ["bedrock-us-east-1-general", ["nova"]],
      ["bedrock-us-east-1-restricted", ["nova"]],
      ["openai-api-openai-com-general", ["gpt"]],
      ["openai-compatible-llm-example-internal-general", ["llama"]],
      ["openai-compatible-llm-example-internal-restricted", ["llama"]],
    ]);
  });

  it("says where a lane calls and with which secret", () => {
    const lanes = lanesOf(documentOf(configuration).policy);

    expect(lanes.find(({ name }) => name.startsWith("openai-api"))).toEqual({
      name: "openai-api-openai-com-general",
      provider: "openai",
      zone: "general",
      baseUrl: "https://api.openai.com/v1",
      secret: "switchyard/openai",
      deployments: ["gpt"],
    });
    expect(lanes[0]).toMatchObject({ provider: "bedrock", region: "eu-central-1" });
  });

  it("joins deployments of one place and secret, and leaves out what no tier uses", () => {
    const more = configuration.replace(
      "  llama:\n",
      "  gpt-large: { provider: openai, model: gpt-4.1, secret: switchyard/openai, facts: { trainsOnData: false } }\n  idle: { provider: bedrock, model: amazon.nova-pro-v1:0, region: us-west-2, facts: { trainsOnData: false } }\n  llama:\n",
    );
    const { policy } = documentOf(more.replace("chain: [gpt, haiku-eu", "chain: [gpt-large, gpt, haiku-eu"));

    const lanes = lanesOf(policy);

    expect(lanes.find(({ provider }) => provider === "openai")?.deployments).toEqual(["gpt", "gpt-large"]);
    expect(lanes.some(({ region }) => region === "us-west-2")).toBe(false);
  });

  it("does not depend on the order in which deployments are written", () => {
    const { policy } = documentOf(configuration);
    const turned = { ...policy, deployments: Object.fromEntries(Object.entries(policy.deployments).toReversed()) };

    expect(lanesOf(turned)).toEqual(lanesOf(policy));
  });
});
