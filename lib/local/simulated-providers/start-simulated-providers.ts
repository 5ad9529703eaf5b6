import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { Deployment } from "../../core/configuration/document.ts";
import type { ApiRequest } from "../access/api-request.ts";
import { type Charge, type ChargeLog, createChargeLog } from "./charge-log.ts";
import { FaultPlan } from "./fault-plan.ts";
import { createFaults } from "./faults.ts";
import { Latencies } from "./latency.ts";
import { createRandom } from "./random.ts";
import { noDeployment, type Reaction, react, rejected, wireOf } from "./simulated-deployment.ts";
import type { WireResponse } from "./wire.ts";

export type SimulatedProvidersOptions = {
  deployments: readonly Deployment[];
  /** @default none */
  faults?: FaultPlan;
  /** @default the plan's, else none: answers come at once */
  latency?: Latencies;
  /** Of texts, latencies and rates. @default 1 */
  seed?: number;
  /** Unix time in milliseconds. */
  now?: () => number;
  /** What a caller that may not call the deployment is answered. @default everyone may */
  refuse?: (deployment: Deployment, request: Pick<ApiRequest, "headers" | "url">) => WireResponse | undefined;
  /** Sees every request that reached a deployment. */
  observe?: (seen: SeenRequest) => void;
};
export type SeenRequest = { deployment: string; headers: IncomingHttpHeaders; body: unknown };

export type SimulatedProviders = {
  url: string;
  /** The base URL of an OpenAI-like deployment; of a Bedrock one, its region's `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`. */
  endpointFor(deployment: Deployment): string;
  /** The latest calls, up to two million. */
  chargeLog(): Charge[];
  /** All calls so far, by deployment. */
  counts(): ReturnType<ChargeLog["counts"]>;
  close(): Promise<void>;
};

/**
 * Every deployment's provider, on one port of 127.0.0.1, in its real wire format.
 * Bedrock names region and model only: of two Bedrock deployments that share both, the first is charged.
 */
export async function startSimulatedProviders(options: SimulatedProvidersOptions): Promise<SimulatedProviders> {
  const { deployments, seed = 1, now = Date.now, observe } = options;
  const plan = options.faults ?? FaultPlan.parse({});
  const latency = options.latency ?? plan.latency ?? Latencies.parse({});
  const faults = createFaults(plan, seed);
  const random = createRandom(seed);
  const log = createChargeLog();
  const byPath = new Map(
    deployments.toReversed().map((deployment) => [wireOf(deployment).pathOf(deployment), deployment]),
  );
  const startedMs = now();

  const server = createServer(async (request, response) => {
    const text = await textOf(request);
    if (text === undefined) return;
    const { path, caller } = callerOf(canonicalPath(request.url ?? ""));
    const deployment = byPath.get(path);
    if (deployment === undefined) return send(response, { response: noDeployment(path), cut: false });
    const json = parseJson(text);
    observe?.({ deployment: deployment.name, headers: request.headers, body: json });
    const nowMs = now();
    const conditions = {
      latency: latency.deployments?.[deployment.name] ?? latency,
      faults,
      random,
      seed,
      nowMs,
      elapsedMs: nowMs - startedMs,
    };
    const { headers } = request;
    const refusal = options.refuse?.(deployment, { headers, url: path });
    const reaction =
      refusal === undefined
        ? react(deployment, { authorization: headers.authorization, json }, conditions)
        : rejected(refusal);
    const finish = () => {
      const gone = response.destroyed && reaction.charge.outcome === "ok";
      log.add({
        ...reaction.charge,
        deployment: deployment.name,
        caller,
        atMs: now(),
        ...(gone && { outcome: "abandoned" }),
      });
      send(response, reaction);
    };
    if (reaction.response === undefined) response.once("close", finish);
    else if (reaction.delayMs === 0) finish();
    else setTimeout(finish, reaction.delayMs).unref();
  });
  // Longer than any client keeps an idle connection, so that no request meets a closing one.
  server.keepAliveTimeout = 300_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${portOf(server.address())}`;

  return {
    url,
    endpointFor: ({ provider, name, region }) =>
      provider === "bedrock" ? `${url}/bedrock/${region}` : `${url}/deployments/${encodeURIComponent(name)}/v1`,
    chargeLog: log.list,
    counts: log.counts,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** Undefined when the caller went away before the end. */
function textOf(request: IncomingMessage): Promise<string | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => resolve(Buffer.concat(chunks).toString()));
    request.on("error", () => resolve(undefined));
  });
}

function send(response: ServerResponse, { response: answer, cut }: Pick<Reaction, "response" | "cut">): void {
  if (answer === undefined || response.destroyed) return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": body.length });
  if (cut) response.write(body.subarray(0, body.length >> 1), () => response.destroy());
  else response.end(body);
}

/** Clients differ in what they escape; deployments are found by one spelling. */
function canonicalPath(url: string): string {
  const [path = ""] = url.split("?", 1);
  try {
    return path
      .split("/")
      .map((part) => encodeURIComponent(decodeURIComponent(part)))
      .join("/");
  } catch {
    return path;
  }
}

/** Before any path may stand `/from/NUMBER`: the log then says whose call it was. */
function callerOf(path: string): { path: string; caller: number } {
  const [prefix = "", digits] = /^\/from\/(\d{1,9})(?=\/)/.exec(path) ?? [];
  return { path: path.slice(prefix.length), caller: Number(digits ?? 0) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function portOf(address: ReturnType<ReturnType<typeof createServer>["address"]>): number {
  if (address === null || typeof address === "string") throw new Error("a server that listens has a port");
  return address.port;
}
