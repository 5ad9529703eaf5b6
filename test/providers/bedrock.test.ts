import { createServer } from "node:http";
import { BedrockRuntimeClient, ConverseCommand, ThrottlingException } from "@aws-sdk/client-bedrock-runtime";
import { mockClient } from "aws-sdk-client-mock";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type SeenRequest,
  startSimulatedProviders,
} from "../../lib/local/simulated-providers/start-simulated-providers.ts";
import { bedrockOrigin } from "../../lib/providers/bedrock-origin.ts";
import { createProvider } from "../../lib/providers/registry.ts";
import { bedrockDeployment, question } from "./deployments.ts";

const dependencies = { now: () => 1_700_000_000_000 };

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
});
afterEach(() => vi.unstubAllEnvs());

describe("bedrock", () => {
  it("goes where its simulation is, path and all, signed for its own region", async () => {
    const seen: SeenRequest[] = [];
    const simulated = await startSimulatedProviders({
      deployments: [bedrockDeployment],
      observe: (request) => seen.push(request),
    });
    vi.stubEnv("AWS_REGION", "us-east-1");
    const provider = createProvider(bedrockDeployment, {
      ...dependencies,
      baseUrl: simulated.endpointFor(bedrockDeployment),
    });

    const outcome = await provider.call({ body: question, timeoutMs: 5000 });

    expect(outcome.kind).toBe("completed");
    expect(seen[0]?.headers.authorization).toContain("/eu-central-1/bedrock/aws4_request");
    await provider.close();
    await simulated.close();
  });

  it("goes to its region's own host, whatever the environment says of endpoints", async () => {
    let elsewhere = 0;
    const server = createServer((_, response) => response.end("{}")).on("connection", () => elsewhere++);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    for (const variable of ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"])
      vi.stubEnv(variable, `http://127.0.0.1:${address.port}`);
    vi.stubEnv("AWS_REGION", "us-east-1");
    vi.stubEnv("AWS_USE_FIPS_ENDPOINT", "true");
    vi.stubEnv("AWS_USE_DUALSTACK_ENDPOINT", "true");
    const asked: string[] = [];
    const provider = createProvider(bedrockDeployment, {
      ...dependencies,
      resolve: async (hostname) => {
        asked.push(hostname);
        return [{ address: "127.0.0.1", family: 4 }];
      },
    });

    const outcome = await provider.call({ body: question, timeoutMs: 5000 });

    expect(outcome).toEqual({ kind: "failed", error: { kind: "not-found", detail: "address-refused loopback" } });
    expect(asked).toEqual(["bedrock-runtime.eu-central-1.amazonaws.com"]);
    expect(elsewhere).toBe(0);
    await provider.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it.each([
    ["us-east-1", "https://bedrock-runtime.us-east-1.amazonaws.com"],
    ["us-gov-west-1", "https://bedrock-runtime.us-gov-west-1.amazonaws.com"],
    ["cn-north-1", "https://bedrock-runtime.cn-north-1.amazonaws.com.cn"],
    ["us-iso-east-1", "https://bedrock-runtime.us-iso-east-1.c2s.ic.gov"],
    ["us-isob-east-1", "https://bedrock-runtime.us-isob-east-1.sc2s.sgov.gov"],
  ])("has its host in %s at %s", (region, origin) => {
    expect(bedrockOrigin(region)).toBe(origin);
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
