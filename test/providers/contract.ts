import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ChatBody } from "../../lib/core/chat.ts";
import type { Deployment } from "../../lib/core/configuration/document.ts";
import type { FailureKind } from "../../lib/core/failure.ts";
import type { Provider } from "../../lib/core/provider.ts";
import type { FaultKind } from "../../lib/local/simulated-providers/fault-plan.ts";
import { FaultPlan } from "../../lib/local/simulated-providers/fault-plan.ts";
import {
  type SeenRequest,
  type SimulatedProviders,
  startSimulatedProviders,
} from "../../lib/local/simulated-providers/start-simulated-providers.ts";
import { createProvider } from "../../lib/providers/registry.ts";
import { question } from "./deployments.ts";

const failures: { fault: FaultKind; becomes: FailureKind }[] = [
  { fault: "rate-limited", becomes: "rate-limited" },
  { fault: "overloaded", becomes: "overloaded" },
  { fault: "server-error", becomes: "server-error" },
  { fault: "auth", becomes: "auth" },
  { fault: "not-found", becomes: "not-found" },
  { fault: "quota-exceeded", becomes: "quota-exceeded" },
  { fault: "context-too-long", becomes: "context-too-long" },
  { fault: "invalid-request", becomes: "invalid-request" },
  { fault: "content-filtered", becomes: "content-filtered" },
  { fault: "cut", becomes: "network" },
  { fault: "malformed", becomes: "server-error" },
  { fault: "truncated", becomes: "server-error" },
  { fault: "hang", becomes: "timeout" },
];

/** What every provider does, whatever it speaks; `wire` reads what reached its server. */
export function providerContract(
  deployment: Deployment,
  wire: (body: unknown) => {
    system: string[];
    turns: { role: string; text: string }[];
    temperature: unknown;
    maxTokens: unknown;
    stop: unknown;
  },
): void {
  const open: { close(): Promise<void> }[] = [];

  beforeAll(() => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
  });
  afterAll(() => vi.unstubAllEnvs());
  afterEach(async () => {
    for (const opened of open.splice(0)) await opened.close();
  });

  async function start(
    faults: unknown = {},
    changes: Partial<Deployment> = {},
  ): Promise<{ provider: Provider; simulated: SimulatedProviders; seen: SeenRequest[] }> {
    const seen: SeenRequest[] = [];
    const called = { ...deployment, ...changes };
    const simulated = await startSimulatedProviders({
      deployments: [called],
      faults: FaultPlan.parse(faults),
      observe: (request) => seen.push(request),
    });
    const provider = createProvider(called, {
      baseUrl: simulated.endpointFor(called),
      now: Date.now,
      ...(called.secret !== undefined && { secret: async () => "sk-simulated" }),
    });
    open.push(provider, simulated);
    return { provider, simulated, seen };
  }

  const failing = (kind: FaultKind, more = {}) => start({ faults: [{ deployment: "*", kind, ...more }] });

  describe(`${deployment.provider} answers`, () => {
    it("is a chat completion with the usage that was charged", async () => {
      const { provider, simulated } = await start();

      const outcome = await provider.call({ body: question, timeoutMs: 5000 });

      const [charge] = simulated.chargeLog();
      expect(outcome).toMatchObject({
        kind: "completed",
        usage: { inputTokens: charge?.inputTokens, outputTokens: charge?.outputTokens },
        response: {
          id: expect.stringMatching(/^chatcmpl-/),
          object: "chat.completion",
          created: expect.any(Number),
          model: deployment.model,
          choices: [
            {
              index: 0,
              finish_reason: "stop",
              message: { role: "assistant", content: expect.stringContaining(`[simulated ${deployment.name}]`) },
            },
          ],
          usage: { prompt_tokens: charge?.inputTokens, completion_tokens: charge?.outputTokens },
        },
      });
      expect(charge?.outputTokens).toBeGreaterThan(0);
    });

    it("carries system prompts, turns, temperature, limit and stop over the wire", async () => {
      const { provider, seen } = await start();
      const body: ChatBody = {
        model: "auto",
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: [{ type: "text", text: "Hello" }] },
          { role: "assistant", content: "Hello! What is it?" },
          { role: "user", content: "My card is lost." },
        ],
        temperature: 0.3,
        max_tokens: 50,
        stop: ["END"],
      };

      const outcome = await provider.call({ body, timeoutMs: 5000 });

      expect(outcome.kind).toBe("completed");
      expect(seen).toHaveLength(1);
      expect(wire(seen[0]?.body)).toEqual({
        system: ["Be brief."],
        turns: [
          { role: "user", text: "Hello" },
          { role: "assistant", text: "Hello! What is it?" },
          { role: "user", text: "My card is lost." },
        ],
        temperature: 0.3,
        maxTokens: 50,
        stop: ["END"],
      });
    });

    it("says length when the caller's own limit cut it", async () => {
      const { provider } = await start();

      const outcome = await provider.call({ body: { ...question, max_completion_tokens: 5 }, timeoutMs: 5000 });

      expect(outcome).toMatchObject({
        kind: "completed",
        usage: { outputTokens: 5 },
        response: { choices: [{ finish_reason: "length" }] },
      });
    });

    it("ends before a stop sequence", async () => {
      const { provider } = await start();

      const outcome = await provider.call({ body: { ...question, stop: "]" }, timeoutMs: 5000 });

      expect(outcome).toMatchObject({
        response: { choices: [{ finish_reason: "stop", message: { content: `[simulated ${deployment.name}` } }] },
      });
    });

    it("passes a refusal of the model on as an answer", async () => {
      const { provider } = await failing("refuse");

      const outcome = await provider.call({ body: question, timeoutMs: 5000 });

      expect(outcome.kind).toBe("completed");
      expect(JSON.stringify(outcome)).toContain("I cannot help with that");
    });

    it("waits for a slow answer that is within the deadline", async () => {
      const { provider } = await failing("slow", { latencyMs: 50 });

      expect(await provider.call({ body: question, timeoutMs: 5000 })).toMatchObject({ kind: "completed" });
    });

    it("answers as many calls at once as the deployment allows, and those beyond in turn", async () => {
      const { provider, simulated } = await start({ latency: { medianMs: 20 } }, { concurrency: 10 });

      const outcomes = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          provider.call({
            body: { model: "auto", messages: [{ role: "user", content: `Question ${index}` }] },
            timeoutMs: 10_000,
          }),
        ),
      );

      expect(outcomes.map(({ kind }) => kind)).toEqual(Array(60).fill("completed"));
      expect(new Set(simulated.chargeLog().map(({ promptId }) => promptId)).size).toBe(60);
    });
  });

  describe(`${deployment.provider} failures`, () => {
    it.each(failures)("maps $fault to $becomes, in one request", async ({ fault, becomes }) => {
      const { provider, seen } = await failing(fault);

      const outcome = await provider.call({ body: question, timeoutMs: fault === "hang" ? 150 : 5000 });

      expect(outcome).toMatchObject({ kind: "failed", error: { kind: becomes } });
      expect(outcome.kind === "failed" && outcome.error.detail).toMatch(/^[\w.-]{1,64}( [\w.-]{1,64})?$/);
      expect(seen).toHaveLength(1);
    });

    it("tells how long a rate limit asks to wait", async () => {
      const { provider } = await failing("rate-limited", { retryAfterSeconds: 3 });

      expect(await provider.call({ body: question, timeoutMs: 5000 })).toMatchObject({
        error: { kind: "rate-limited", retryAfterMs: 3000 },
      });
    });

    it("meets an enforced limit after as many calls as it allows", async () => {
      const { provider } = await failing("limit", { limitPerMinute: 2 });
      const call = () => provider.call({ body: question, timeoutMs: 5000 });

      const outcomes = [await call(), await call(), await call()];

      expect(outcomes.map(({ kind }) => kind)).toEqual(["completed", "completed", "failed"]);
      expect(outcomes[2]).toMatchObject({ error: { kind: "rate-limited", retryAfterMs: expect.any(Number) } });
    });

    it("keeps the usage that a filtered answer was charged", async () => {
      const { provider, simulated } = await failing("content-filtered");

      const outcome = await provider.call({ body: question, timeoutMs: 5000 });

      const [charge] = simulated.chargeLog();
      expect(outcome).toMatchObject({
        usage: { inputTokens: charge?.inputTokens, outputTokens: charge?.outputTokens },
      });
    });

    it("cuts a call at its deadline", async () => {
      const { provider } = await failing("slow", { latencyMs: 20_000 });
      // The first call also loads the provider's code.
      await provider.call({ body: question, timeoutMs: 1 });
      const startedAt = performance.now();

      const outcome = await provider.call({ body: question, timeoutMs: 120 });

      const tookMs = performance.now() - startedAt;
      expect(outcome).toEqual({ kind: "failed", error: { kind: "timeout", detail: "deadline" } });
      expect(tookMs).toBeGreaterThanOrEqual(115);
      expect(tookMs).toBeLessThan(2000);
    });

    it("calls a server that is not there a network failure", async () => {
      const { provider, simulated } = await start();
      await simulated.close();
      open.pop();

      expect(await provider.call({ body: question, timeoutMs: 5000 })).toMatchObject({
        kind: "failed",
        error: { kind: "network", detail: "ECONNREFUSED" },
      });
    });

    it("works again after a connection broke", async () => {
      const { provider } = await failing("cut", { rate: 0.5 });

      const outcomes = await Promise.all(
        Array.from({ length: 40 }, () => provider.call({ body: question, timeoutMs: 5000 })),
      );

      expect(new Set(outcomes.map((outcome) => (outcome.kind === "failed" ? outcome.error.kind : "ok")))).toEqual(
        new Set(["ok", "network"]),
      );
    });

    it("finds a prompt too long that the model does not hold", async () => {
      const { provider } = await start({}, { contextTokens: 4 });

      expect(await provider.call({ body: question, timeoutMs: 5000 })).toMatchObject({
        error: { kind: "context-too-long" },
      });
    });

    it("finds a model that its server does not know", async () => {
      const { simulated } = await start();
      const other = createProvider(
        { ...deployment, model: "no-such-model" },
        { baseUrl: simulated.endpointFor(deployment), now: Date.now, secret: async () => "sk-simulated" },
      );
      open.unshift(other);

      expect(await other.call({ body: question, timeoutMs: 5000 })).toMatchObject({ error: { kind: "not-found" } });
    });
  });
}
