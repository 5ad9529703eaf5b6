import { createServer, type RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Deployment } from "../../lib/core/configuration/document.ts";
import type { ProviderDependencies } from "../../lib/providers/factory.ts";
import { createProvider } from "../../lib/providers/registry.ts";
import { compatibleDeployment, openaiDeployment, question } from "./deployments.ts";

const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const each of close.splice(0)) await each();
});

/** A provider whose server is told what to do by the test. */
async function against(
  listener: RequestListener,
  dependencies: Partial<ProviderDependencies> = {},
  deployment: Deployment = openaiDeployment,
) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const provider = createProvider(deployment, {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    now: Date.now,
    secret: async () => "sk-1",
    ...dependencies,
  });
  close.push(async () => {
    await provider.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return provider;
}

const completion = JSON.stringify({
  choices: [{ message: { content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});

describe("openai", () => {
  it("sends the user's body with the deployment's model and without streaming", async () => {
    const bodies: string[] = [];
    const provider = await against((request, response) => {
      request.on("data", (data: Buffer) => bodies.push(data.toString()));
      request.on("end", () => response.end(completion));
    });

    await provider.call({
      body: { ...question, stream: true, stream_options: { include_usage: true }, seed: 7 },
      timeoutMs: 5000,
    });

    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { model: "gpt-4o-mini", messages: question.messages, seed: 7 },
    ]);
  });

  it.each([
    ["openai", openaiDeployment, {}, { max_completion_tokens: 700 }],
    ["a compatible server, by the name that old ones know,", compatibleDeployment, {}, { max_tokens: 700 }],
    ["nobody whose user did", openaiDeployment, { max_tokens: 9 }, { max_tokens: 9 }],
  ] as const)("limits the answer for %s as configured", async (_, deployment, asked, sent) => {
    const bodies: string[] = [];
    const provider = await against(
      (request, response) => {
        request.on("data", (data: Buffer) => bodies.push(data.toString()));
        request.on("end", () => response.end(completion));
      },
      {},
      { ...deployment, defaultMaxOutputTokens: 700 },
    );

    await provider.call({ body: { ...question, ...asked }, timeoutMs: 5000 });

    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { model: deployment.model, messages: question.messages, ...sent },
    ]);
  });

  it.each([301, 302, 303, 307, 308])(
    "does not follow a %i: its key and its prompts go to its own place only",
    async (status) => {
      let elsewhere = 0;
      const target = createServer((_, response) => response.end(completion)).on("connection", () => elsewhere++);
      await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
      const address = target.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      close.push(() => new Promise((resolve) => void target.close(() => resolve())));
      const urls: (string | undefined)[] = [];
      const provider = await against((request, response) => {
        urls.push(request.url);
        response.writeHead(status, { location: `http://127.0.0.1:${address.port}/v1/chat/completions` }).end();
      });

      const outcome = await provider.call({ body: question, timeoutMs: 5000 });

      expect(outcome).toEqual({ kind: "failed", error: { kind: "server-error", detail: String(status) } });
      expect(urls).toEqual(["/v1/chat/completions"]);
      expect(elsewhere).toBe(0);
    },
  );

  it("asks for its key once, and again after it was refused", async () => {
    const keys = ["sk-old", "sk-new"];
    const used: (string | undefined)[] = [];
    const provider = await against(
      ({ headers }, response) => {
        used.push(headers.authorization);
        if (headers.authorization === "Bearer sk-old") response.writeHead(401);
        response.end(completion);
      },
      { secret: async () => keys.shift() ?? "none left" },
    );
    const call = async () => (await provider.call({ body: question, timeoutMs: 5000 })).kind;

    expect([await call(), await call(), await call()]).toEqual(["failed", "completed", "completed"]);
    expect(used).toEqual(["Bearer sk-old", "Bearer sk-new", "Bearer sk-new"]);
  });

  it("calls a key that cannot be had a matter of access, and sends nothing", async () => {
    let requests = 0;
    const provider = await against(
      (_, response) => {
        requests++;
        response.end(completion);
      },
      { secret: () => Promise.reject(new Error("the vault is shut")) },
    );

    expect(await provider.call({ body: question, timeoutMs: 5000 })).toEqual({
      kind: "failed",
      error: { kind: "auth", detail: "secret-unavailable Error" },
    });
    expect(requests).toBe(0);
  });

  it("is over at the deadline even when the key does not come", async () => {
    const provider = await against((_, response) => response.end(completion), { secret: () => new Promise(() => {}) });

    expect(await provider.call({ body: question, timeoutMs: 50 })).toMatchObject({ error: { kind: "timeout" } });
  });

  it("is over at the deadline when the answer trickles", async () => {
    const provider = await against((_, response) => {
      const trickle = setInterval(() => response.write(" "), 10);
      response.on("close", () => clearInterval(trickle));
    });

    expect(await provider.call({ body: question, timeoutMs: 150 })).toMatchObject({ error: { kind: "timeout" } });
  });

  it("stops reading an answer that has no end", async () => {
    const provider = await against((_, response) => {
      const block = Buffer.alloc(4 * 1024 * 1024, " ");
      const more = () => void (response.destroyed || response.write(block, more));
      more();
    });

    expect(await provider.call({ body: question, timeoutMs: 15_000 })).toEqual({
      kind: "failed",
      error: { kind: "server-error", detail: "body-too-large" },
    });
  });

  it("keeps its connections", async () => {
    const ports = new Set<number | undefined>();
    const provider = await against(({ socket }, response) => {
      ports.add(socket.remotePort);
      response.end(completion);
    });

    for (let call = 0; call < 20; call++) await provider.call({ body: question, timeoutMs: 5000 });

    // The next call may begin while the last connection is being put back.
    expect(ports.size).toBeLessThanOrEqual(2);
  });
});
