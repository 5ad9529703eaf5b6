import { afterEach, describe, expect, it } from "vitest";
import { FaultPlan } from "../../../lib/local/simulated-providers/fault-plan.ts";
import {
  type SimulatedProviders,
  type SimulatedProvidersOptions,
  startSimulatedProviders,
} from "../../../lib/local/simulated-providers/start-simulated-providers.ts";
import { bedrockDeployment, compatibleDeployment, openaiDeployment } from "../../providers/deployments.ts";

const open: SimulatedProviders[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function start(options: Partial<SimulatedProvidersOptions> = {}) {
  const simulated = await startSimulatedProviders({
    deployments: [bedrockDeployment, openaiDeployment, compatibleDeployment],
    ...options,
  });
  open.push(simulated);
  return simulated;
}

function chat(
  simulated: SimulatedProviders,
  changes: Record<string, unknown> = {},
  headers: Record<string, string> = {},
) {
  return fetch(`${simulated.endpointFor(compatibleDeployment)}/chat/completions`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      model: compatibleDeployment.model,
      messages: [{ role: "user", content: "Hi" }],
      ...changes,
    }),
  });
}

describe("startSimulatedProviders", () => {
  it("listens on loopback only, and gives every deployment its place", async () => {
    const simulated = await start();

    expect(simulated.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(simulated.endpointFor(bedrockDeployment)).toBe(`${simulated.url}/bedrock/eu-central-1`);
    expect(simulated.endpointFor(openaiDeployment)).toBe(`${simulated.url}/deployments/gpt-mini/v1`);
  });

  it("keeps in its log who called, where the path says so", async () => {
    const simulated = await start();
    const { origin, pathname } = new URL(simulated.endpointFor(compatibleDeployment));
    const body = JSON.stringify({ model: compatibleDeployment.model, messages: [{ role: "user", content: "Hi" }] });

    await fetch(`${origin}/from/4711${pathname}/chat/completions`, { method: "POST", body });
    await chat(simulated);

    expect(simulated.chargeLog().map(({ caller, outcome }) => [caller, outcome])).toEqual([
      [4711, "ok"],
      [0, "ok"],
    ]);
  });

  it("wants the key of a deployment that has a secret", async () => {
    const simulated = await start();
    const url = `${simulated.endpointFor(openaiDeployment)}/chat/completions`;

    const response = await fetch(url, { method: "POST", body: "{}" });

    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: "invalid_api_key" } });
    expect(simulated.counts()).toMatchObject({ "gpt-mini": { inputTokens: 0, outcomes: { rejected: 1 } } });
  });

  it("wants a signature for Bedrock", async () => {
    const simulated = await start();
    const path = `/model/${encodeURIComponent(bedrockDeployment.model)}/converse`;

    const response = await fetch(simulated.endpointFor(bedrockDeployment) + path, { method: "POST", body: "{}" });

    expect(response.status).toBe(403);
    expect(response.headers.get("x-amzn-errortype")).toBe("AccessDeniedException");
  });

  it.each([
    [{ model: "another" }, 404],
    [{ messages: [] }, 400],
  ])("refuses %j with %i", async (changes, status) => {
    expect((await chat(await start(), changes)).status).toBe(status);
  });

  it("says which path leads nowhere", async () => {
    const response = await fetch(`${(await start()).url}/v1/models`);

    expect(response.status).toBe(404);
    expect(await response.text()).toContain("no simulated deployment at /v1/models");
  });

  it("gives one job one prompt id, so that what was charged twice can be found", async () => {
    const simulated = await start();

    await chat(simulated);
    await chat(simulated);
    await chat(simulated, { messages: [{ role: "user", content: "Hello" }] });

    const ids = simulated.chargeLog().map(({ promptId }) => promptId);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(2);
  });

  it("charges a caller that did not wait, and says so", async () => {
    const caller = new AbortController();
    const simulated = await start({
      latency: { medianMs: 60, tailShare: 0 },
      // It goes as soon as its request is there.
      refuse: () => {
        caller.abort();
        return undefined;
      },
    });

    const gone = fetch(`${simulated.endpointFor(compatibleDeployment)}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: compatibleDeployment.model, messages: [{ role: "user", content: "Hi" }] }),
      signal: caller.signal,
    });

    await expect(gone).rejects.toThrow();
    await expect
      .poll(() => simulated.chargeLog()[0], { timeout: 10_000 })
      .toMatchObject({ outcome: "abandoned", inputTokens: 4 });
  });

  it("keeps to an outage's schedule, counted from its start", async () => {
    let nowMs = 1_000_000;
    const faults = FaultPlan.parse({ faults: [{ deployment: "*", kind: "server-error", from: "10s", until: "20s" }] });
    const simulated = await start({ faults, now: () => nowMs });
    const statusAt = async (ms: number) => {
      nowMs = 1_000_000 + ms;
      return (await chat(simulated)).status;
    };

    expect([await statusAt(0), await statusAt(10_000), await statusAt(20_000)]).toEqual([200, 500, 200]);
  });

  it("gives a deployment its own latency", async () => {
    const latency = { medianMs: 10_000, tailShare: 0, deployments: { "llama-onprem": { medianMs: 0, tailShare: 0 } } };

    expect((await chat(await start({ latency }))).status).toBe(200);
  });

  it("closes while calls hang", async () => {
    const { promise: arrived, resolve: observe } = Promise.withResolvers<unknown>();
    const faults = FaultPlan.parse({ faults: [{ deployment: "*", kind: "hang" }] });
    const simulated = await start({ faults, observe });
    const hanging = chat(simulated).catch((error: unknown) => error);
    await arrived;

    await simulated.close();
    open.pop();

    expect(await hanging).toBeInstanceOf(Error);
  });
});
