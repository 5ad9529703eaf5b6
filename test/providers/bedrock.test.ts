import { BedrockRuntimeClient, ConverseCommand, ThrottlingException } from "@aws-sdk/client-bedrock-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type SeenRequest,
  startSimulatedProviders,
} from "../../lib/local/simulated-providers/start-simulated-providers.ts";
import { createProvider } from "../../lib/providers/registry.ts";
import { bedrockDeployment, question } from "./deployments.ts";

const dependencies = { now: () => 1_700_000_000_000 };

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
});
afterEach(() => vi.unstubAllEnvs());

describe("bedrock", () => {
  it("goes where AWS_ENDPOINT_URL_BEDROCK_RUNTIME says, path and all, signed for its own region", async () => {
    const seen: SeenRequest[] = [];
    const simulated = await startSimulatedProviders({
      deployments: [bedrockDeployment],
      observe: (request) => seen.push(request),
    });
    vi.stubEnv("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", simulated.endpointFor(bedrockDeployment));
    vi.stubEnv("AWS_REGION", "us-east-1");
    const provider = createProvider(bedrockDeployment, dependencies);

    const outcome = await provider.call({ body: question, timeoutMs: 5000 });

    expect(outcome.kind).toBe("completed");
    expect(seen[0]?.headers.authorization).toContain("/eu-central-1/bedrock/aws4_request");
    await provider.close();
    await simulated.close();
  });

  it("leaves retrying to the router, whatever the environment says", async () => {
    vi.stubEnv("AWS_MAX_ATTEMPTS", "5");
    vi.stubEnv("AWS_RETRY_MODE", "adaptive");
    const mock = mockClient(BedrockRuntimeClient);
    mock
      .on(ConverseCommand)
      .rejects(new ThrottlingException({ message: "slow down", $metadata: { httpStatusCode: 429 } }));
    const provider = createProvider(bedrockDeployment, dependencies);

    const outcome = await provider.call({ body: question, timeoutMs: 5000 });

    expect(outcome).toEqual({ kind: "failed", error: { kind: "rate-limited", detail: "429 ThrottlingException" } });
    expect(mock.commandCalls(ConverseCommand)).toHaveLength(1);
    await provider.close();
    mock.restore();
  });

  it("sends nothing that it cannot convert", async () => {
    const mock = mockClient(BedrockRuntimeClient);
    const provider = createProvider(bedrockDeployment, dependencies);

    const outcome = await provider.call({ body: { ...question, tools: [{}] }, timeoutMs: 5000 });

    expect(outcome).toEqual({ kind: "failed", error: { kind: "invalid-request", detail: "unsupported-tools" } });
    expect(mock.calls()).toHaveLength(0);
    await provider.close();
    mock.restore();
  });
});
