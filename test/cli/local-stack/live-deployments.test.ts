import { describe, expect, it } from "vitest";
import { liveDeployments, liveSentence } from "../../../lib/cli/local-stack/live-deployments.ts";
import type { Deployment } from "../../../lib/core/configuration/document.ts";

function deployment(name: string, parts: Partial<Deployment>): Deployment {
  return {
    name,
    provider: "openai",
    model: "m",
    destinations: [],
    price: [{ fromInputTokens: 0, inputPicoUsd: 1, outputPicoUsd: 1 }],
    contextTokens: 1000,
    supports: [],
    facts: {},
    concurrency: 1,
    timeoutSeconds: 60,
    ...parts,
  };
}

const deployments = [
  deployment("mini", { secret: "switchyard/openai" }),
  deployment("nova", { provider: "bedrock", region: "us-east-1" }),
  deployment("office", { provider: "openai-compatible", baseUrl: "https://llm.example.internal/v1" }),
  deployment("laptop", { provider: "openai-compatible", baseUrl: "http://127.0.0.1:11434/v1" }),
];
const names = deployments.map(({ name }) => name);

describe("live deployments", () => {
  it("are those whose credentials are in the environment, and servers on this machine that need none", () => {
    const env = { OPENAI_API_KEY: "key", AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", HOME: "/home" };

    const live = liveDeployments(deployments, env);

    expect([...live.deployments]).toEqual(["mini", "nova", "laptop"]);
    expect([...live.secrets]).toEqual([["switchyard/openai", "key"]]);
    expect(live.bedrockEnvironment).toEqual({ AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret" });
    expect(liveSentence(live, names)).toBe(
      "Live, and charged by their providers: mini, nova, laptop. Simulated: office.",
    );
  });

  it.each([{}, { OPENAI_API_KEY: "" }, { AWS_ACCESS_KEY_ID: "id" }])("are none of the others, with %j", (env) => {
    expect([...liveDeployments(deployments, env).deployments]).toEqual(["laptop"]);
  });

  it("are none without credentials, and the sentence says which variables would help", () => {
    const remote = deployments.slice(0, 3);

    expect(liveSentence(liveDeployments(remote, {}), names.slice(0, 3))).toMatch(/^Live: none.*OPENAI_API_KEY/);
  });
});
