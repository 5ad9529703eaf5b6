import { afterEach, describe, expect, it, vi } from "vitest";
import type { DetectText } from "../../../lib/core/detect/finding.ts";
import { loadComprehend } from "../../../lib/detectors/load-comprehend.ts";
import { startAwsEndpoint } from "../../../lib/local/emulators/aws-endpoint.ts";
import { createTally } from "../../../lib/local/usage.ts";

afterEach(() => vi.unstubAllEnvs());

async function start(detect?: DetectText) {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
  const tally = createTally();
  const endpoint = await startAwsEndpoint({
    region: "eu-central-1",
    port: 0,
    tally,
    onObject: () => {},
    onPutEvent: () => "1",
    secret: (id) => ({ arn: id, value: id }),
    setupAccessKeyId: "setup",
    authorize: () => undefined,
    ...(detect !== undefined && { detect }),
  });
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint.url);
  return { endpoint, tally, ask: await loadComprehend("eu-central-1", { language: "en" }) };
}

describe("the Comprehend endpoint", () => {
  it("finds what the given detector finds, and counts the call", async () => {
    const { endpoint, tally, ask } = await start((text) => {
      const start = text.indexOf("jane@");
      return [{ type: "email", start, end: start + 16, confidence: 0.75 }];
    });

    expect(await ask("😀 Write to jane@example.com")).toEqual([
      { type: "email", start: 12, end: 28, confidence: 0.75 },
    ]);
    expect(tally.clients.calls).toEqual({ "comprehend.DetectPiiEntities": 1 });
    await endpoint.close();
  });

  it("is not there without one", async () => {
    const { endpoint, ask } = await start();

    await expect(ask("Write to jane@example.com")).rejects.toThrow();
    await endpoint.close();
  });
});
