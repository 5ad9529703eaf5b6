import { describe, expect, it } from "vitest";
import { createProvider, providerDescriptors } from "../../lib/providers/registry.ts";
import { bedrockDeployment, compatibleDeployment, openaiDeployment } from "./deployments.ts";

const dependencies = { now: Date.now, secret: async () => "sk" };

describe("providerDescriptors", () => {
  it("says where each provider is called", () => {
    expect(Object.fromEntries(Object.entries(providerDescriptors).map(([name, { place }]) => [name, place]))).toEqual({
      bedrock: "region",
      openai: "endpoint",
      "openai-compatible": "endpoint",
    });
  });
});

describe("createProvider", () => {
  it("refuses a provider that there is none of, and lists those there are", () => {
    expect(() => createProvider({ ...openaiDeployment, provider: "constructor" }, dependencies)).toThrow(
      "deployment gpt-mini: there is no provider constructor; there are bedrock, openai, openai-compatible",
    );
  });

  it("refuses plain http except on loopback", async () => {
    const at = (baseUrl: string) => createProvider({ ...compatibleDeployment, baseUrl }, dependencies);

    expect(() => at("http://llm.example.internal/v1")).toThrow("deployment llama-onprem: baseUrl must be https");
    await at("http://127.0.0.1:8000/v1").close();
  });

  it("lets only loopback stand in for a deployment's own place", async () => {
    const instead = (baseUrl: string) => createProvider(openaiDeployment, { ...dependencies, baseUrl });

    expect(() => instead("https://elsewhere.example.com/v1")).toThrow("only a loopback address may stand in");
    await instead("http://127.0.0.1:9/v1").close();
  });

  it("refuses an endpoint without a baseUrl", () => {
    const { baseUrl: _, ...nowhere } = compatibleDeployment;

    expect(() => createProvider(nowhere, dependencies)).toThrow("deployment llama-onprem: baseUrl");
  });

  it("creates every provider from its deployment alone", async () => {
    for (const deployment of [bedrockDeployment, openaiDeployment, compatibleDeployment])
      await createProvider(deployment, dependencies).close();
  });
});
