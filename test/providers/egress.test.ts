import type { LookupAddress } from "node:dns";
import { createServer } from "node:http";
import { createServer as createSocketServer } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Reach } from "../../lib/core/reach.ts";
import { guardedLookup, type Resolve } from "../../lib/providers/egress.ts";
import { createHttpPool, mapConnectionError } from "../../lib/providers/http-pool.ts";
import { createProvider } from "../../lib/providers/registry.ts";
import { bedrockDeployment, compatibleDeployment, openaiDeployment, question } from "./deployments.ts";

const close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const each of close.splice(0).reverse()) await each();
});

/** A loopback server that counts what reaches it: connections, and requests, whose connections it ends. */
async function listen() {
  const seen = { connections: 0, requests: 0 };
  const server = createServer((_, response) => {
    seen.requests += 1;
    response.setHeader("connection", "close").end("ok");
  });
  server.on("connection", () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  close.push(() => new Promise((resolve) => server.close(resolve)));
  return { port: address.port, seen };
}

/** A resolver that gives one list of addresses after the other, and the last for ever. */
function answering(...answers: string[][]): Resolve & { asked: number } {
  const resolve = async (): Promise<LookupAddress[]> => {
    const addresses = answers[Math.min(resolve.asked, answers.length - 1)] ?? [];
    resolve.asked += 1;
    return addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
  };
  resolve.asked = 0;
  return resolve;
}

function poolTo(origin: string, reach: Reach, resolve?: Resolve) {
  const pool = createHttpPool(2, { origin, reach, ...(resolve !== undefined && { resolve }) });
  close.push(() => pool.destroy());
  return async (asked = origin) => {
    try {
      const answer = await pool.request({ origin: asked, path: "/", method: "POST", body: "prompt" });
      return await answer.body.text();
    } catch (error) {
      return mapConnectionError(error);
    }
  };
}

const refused = (range: string) => ({ kind: "not-found", detail: `address-refused ${range}` });

describe("a deployment's connections", () => {
  it("go to its own origin", async () => {
    const { port } = await listen();
    const call = poolTo(`http://llm.test:${port}`, "this-machine", answering(["127.0.0.1"]));

    expect(await call()).toBe("ok");
  });

  it("go to no other host, port or scheme: none is even looked up", async () => {
    const { port, seen } = await listen();
    const resolve = answering(["127.0.0.1"]);
    const call = poolTo(`http://llm.test:${port}`, "this-machine", resolve);

    for (const other of [`http://elsewhere.test:${port}`, `http://llm.test:${port + 1}`, `https://llm.test:${port}`])
      expect(await call(other)).toEqual({ kind: "not-found", detail: "origin-refused" });
    expect(resolve.asked).toBe(0);
    expect(seen.connections).toBe(0);
  });

  it.each([
    { address: "127.0.0.1", range: "loopback" },
    { address: "::ffff:127.0.0.1", range: "loopback" },
    { address: "10.1.2.3", range: "private" },
    { address: "fd12::1", range: "private" },
    { address: "100.64.0.1", range: "private" },
    { address: "169.254.169.254", range: "link-local" },
    { address: "0.0.0.0", range: "special" },
    { address: "not-an-address", range: "special" },
  ])("of an external one are not opened when its name resolves to $address", async ({ address, range }) => {
    const { port, seen } = await listen();
    const call = poolTo(`http://llm.test:${port}`, "internet", answering([address]));

    expect(await call()).toEqual(refused(range));
    expect(seen.connections).toBe(0);
  });

  it("are not opened when one of several addresses is out of reach", async () => {
    const { port, seen } = await listen();
    const call = poolTo(`http://llm.test:${port}`, "this-machine", answering(["127.0.0.1", "10.0.0.1"]));

    expect(await call()).toEqual(refused("private"));
    expect(seen.connections).toBe(0);
  });

  it("ask for the address each time: a name that is rebound is refused", async () => {
    const { port, seen } = await listen();
    const resolve = answering(["127.0.0.1"], ["10.0.0.1"]);
    const call = poolTo(`http://llm.test:${port}`, "this-machine", resolve);

    expect([await call(), await call()]).toEqual(["ok", refused("private")]);
    expect(resolve.asked).toBe(2);
    expect(seen.requests).toBe(1);
  });

  it.each([
    { host: "127.0.0.1", reach: "internet", range: "loopback" },
    { host: "127.0.0.1", reach: "aws", range: "loopback" },
    { host: "[::ffff:127.0.0.1]", reach: "internet", range: "loopback" },
    { host: "2130706433", reach: "internet", range: "loopback" },
    { host: "0.0.0.0", reach: "on-premises", range: "special" },
  ] as const)("to $host are not opened with reach $reach, though a literal address is never looked up", async (row) => {
    const { port, seen } = await listen();
    const { origin } = new URL(`http://${row.host}:${port}`);

    expect(await poolTo(origin, row.reach)()).toEqual(refused(row.range));
    expect(seen.connections).toBe(0);
  });

  it("say what the resolver said when there is no address", async () => {
    const none = Object.assign(new Error("nothing"), { code: "EAI_AGAIN" });

    expect(await poolTo("http://llm.test", "internet", () => Promise.reject(none))()).toEqual({
      kind: "network",
      detail: "EAI_AGAIN",
    });
    expect(await poolTo("http://llm.test", "internet", answering([]))()).toEqual({
      kind: "network",
      detail: "ENOTFOUND",
    });
  });
});

describe("guardedLookup", () => {
  const ask = (lookup: ReturnType<typeof guardedLookup>, all: boolean) =>
    new Promise((resolve) =>
      lookup("llm.test", { all }, (error, address, family) => resolve(error?.message ?? [address, family])),
    );

  it("answers as a socket asks: with all addresses, or with the first", async () => {
    const lookup = guardedLookup("internet", answering(["1.1.1.1", "2606:4700::1111"]));

    expect(await ask(lookup, true)).toEqual([
      [
        { address: "1.1.1.1", family: 4 },
        { address: "2606:4700::1111", family: 6 },
      ],
      undefined,
    ]);
    expect(await ask(lookup, false)).toEqual(["1.1.1.1", 4]);
  });

  it("refuses the private address that a public one gave way to", async () => {
    const lookup = guardedLookup("internet", answering(["1.1.1.1"], ["10.0.0.1"]));

    expect([await ask(lookup, false), await ask(lookup, false)]).toEqual([["1.1.1.1", 4], "address-refused private"]);
  });

  it.each<{ reach: Reach; allowed: string[] }>([
    { reach: "aws", allowed: ["10.0.0.1", "3.120.0.1"] },
    { reach: "on-premises", allowed: ["10.0.0.1", "127.0.0.1", "169.254.1.1", "3.120.0.1"] },
  ])("lets $reach have its addresses", async ({ reach, allowed }) => {
    const addresses = ["10.0.0.1", "127.0.0.1", "169.254.1.1", "224.0.0.1", "3.120.0.1"];
    const answers = await Promise.all(
      addresses.map((address) => ask(guardedLookup(reach, answering([address])), false)),
    );

    expect(addresses.filter((_, index) => Array.isArray(answers[index]))).toEqual(allowed);
  });
});

describe("a provider", () => {
  const dependencies = { now: Date.now, secret: async () => "sk-1" };
  const timeoutMs = 5000;

  afterEach(() => vi.unstubAllEnvs());

  it.each([
    { deployment: openaiDeployment, host: "api.openai.com", address: "10.0.0.5", range: "private" },
    { deployment: compatibleDeployment, host: "llm.example.internal", address: "192.168.0.5", range: "private" },
    {
      deployment: bedrockDeployment,
      host: "bedrock-runtime.eu-central-1.amazonaws.com",
      address: "169.254.169.254",
      range: "link-local",
    },
  ])("$deployment.provider fails as not-found when its host resolves to $address", async (row) => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "simulated");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "simulated");
    const asked: string[] = [];
    const provider = createProvider(row.deployment, {
      ...dependencies,
      resolve: async (hostname) => {
        asked.push(hostname);
        return [{ address: row.address, family: 4 }];
      },
    });
    close.push(() => provider.close());

    expect(await provider.call({ body: question, timeoutMs })).toEqual({ kind: "failed", error: refused(row.range) });
    expect(asked).toEqual([row.host]);
  });

  it("that is on-premises connects inside", async () => {
    const server = createSocketServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    close.push(() => new Promise((resolve) => server.close(resolve)));
    const provider = createProvider(
      {
        ...compatibleDeployment,
        baseUrl: `https://llm.example.internal:${address.port}/v1`,
        facts: { onPremises: true },
      },
      { ...dependencies, resolve: answering(["127.0.0.1"]) },
    );
    close.push(() => provider.close());

    // It is connected to, and only then broken: no such server speaks TLS.
    expect(await provider.call({ body: question, timeoutMs })).toMatchObject({ error: { kind: "network" } });
  });

  it("that was on-premises until now connects inside no more, though it did just before", async () => {
    let nowMs = 999;
    const server = createSocketServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    close.push(() => new Promise((resolve) => server.close(resolve)));
    const provider = createProvider(
      {
        ...compatibleDeployment,
        baseUrl: `https://llm.example.internal:${address.port}/v1`,
        facts: { onPremises: true },
        evidence: { onPremises: { untilMs: 1000 } },
      },
      { ...dependencies, now: () => nowMs, resolve: answering(["127.0.0.1"]) },
    );
    close.push(() => provider.close());

    const before = await provider.call({ body: question, timeoutMs });
    nowMs = 1000;
    const after = await provider.call({ body: question, timeoutMs });

    expect(before).toMatchObject({ error: { kind: "network" } });
    expect(after).toEqual({ kind: "failed", error: refused("loopback") });
  });

  it("with a private address for its base URL fails without a connection", async () => {
    const provider = createProvider({ ...compatibleDeployment, baseUrl: "https://10.0.0.1/v1" }, dependencies);
    close.push(() => provider.close());

    expect(await provider.call({ body: question, timeoutMs })).toEqual({ kind: "failed", error: refused("private") });
  });
});
