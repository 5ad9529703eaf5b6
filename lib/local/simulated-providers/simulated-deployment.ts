import type { Deployment } from "../../core/configuration/document.ts";
import { answer, type Prompt, promptId, promptTokens, refusal } from "./answer.ts";
import { bedrockWire } from "./bedrock-wire.ts";
import type { Charge, ChargeOutcome } from "./charge-log.ts";
import type { FaultKind } from "./fault-plan.ts";
import type { Faults, Hit } from "./faults.ts";
import { drawLatencyMs, type Latency } from "./latency.ts";
import { openaiWire } from "./openai-wire.ts";
import { jsonResponse, type Wire, type WireError, type WireResponse } from "./wire.ts";

/** What to put on the wire, when, and what it costs. `hang` has no response. */
export type Reaction = {
  response: WireResponse | undefined;
  /** Close the connection when half of the response is out. */
  cut: boolean;
  delayMs: number;
  charge: Pick<Charge, "inputTokens" | "outputTokens" | "outcome" | "promptId">;
};

export type Conditions = {
  latency: Latency;
  faults: Faults;
  random: () => number;
  seed: number;
  nowMs: number;
  /** Since the start of the server. */
  elapsedMs: number;
};

export function wireOf({ provider }: Deployment): Wire {
  return provider === "bedrock" ? bedrockWire : openaiWire;
}

/** What a deployment does with a request. */
export function react(
  deployment: Deployment,
  request: { authorization: string | undefined; json: unknown },
  conditions: Conditions,
): Reaction {
  const wire = wireOf(deployment);
  if (!wire.authorized(deployment, request.authorization)) return rejected(wire.error("auth", deployment));
  const read = wire.read(request.json, deployment);
  if (read.kind === "refused") return rejected(wire.error(read.error, deployment));
  const id = promptId(read.prompt);
  const hit = conditions.faults(deployment.name, conditions.elapsedMs);
  const error = hit && errorOf(hit.fault.kind);
  if (hit && error)
    return {
      response: wire.error(error, deployment, hit.retryAfterSeconds),
      cut: false,
      delayMs: hit.fault.latencyMs ?? 0,
      charge: { inputTokens: 0, outputTokens: 0, outcome: hit.fault.kind, promptId: id },
    };
  if (promptTokens(read.prompt) > deployment.contextTokens) return rejected(wire.error("context-too-long", deployment));
  return completed(wire, deployment, read.prompt, id, hit, conditions);
}

function completed(
  wire: Wire,
  deployment: Deployment,
  prompt: Prompt,
  id: string,
  hit: Hit | undefined,
  { latency, random, seed, nowMs }: Conditions,
): Reaction {
  const kind = hit?.fault.kind;
  const outcome: ChargeOutcome = kind ?? "ok";
  const delayMs = hit?.fault.latencyMs ?? drawLatencyMs(latency, random);
  const plain = kind === "refuse" ? refusal(prompt, deployment.name) : answer(prompt, id, deployment.name, seed);
  const said = kind === "content-filtered" ? { ...plain, finish: "filtered" as const } : plain;
  const response = wire.answer(said, deployment, id, nowMs);
  const { inputTokens, outputTokens } = said;
  const charge = { inputTokens, outputTokens, outcome, promptId: id };
  const free = { inputTokens: 0, outputTokens: 0, outcome, promptId: id };
  switch (kind) {
    case "hang":
      return { response: undefined, cut: false, delayMs, charge: free };
    case "cut":
      return { response, cut: true, delayMs, charge: free };
    case "malformed":
      return {
        response: { status: 200, headers: { "content-type": "text/html" }, body: "<html>simulated gateway</html>" },
        cut: false,
        delayMs,
        charge: free,
      };
    case "truncated":
      return {
        response: { ...response, body: response.body.slice(0, Math.floor(response.body.length / 2)) },
        cut: false,
        delayMs,
        charge: free,
      };
    default:
      return { response, cut: false, delayMs, charge };
  }
}

/** What a URL that leads to no deployment gets. */
export function noDeployment(path: string): WireResponse {
  return jsonResponse(404, { error: { message: `no simulated deployment at ${path}`, type: "not_found", code: null } });
}

/** A request that is answered with an error before the model sees it. */
export function rejected(response: WireResponse): Reaction {
  return {
    response,
    cut: false,
    delayMs: 0,
    charge: { inputTokens: 0, outputTokens: 0, outcome: "rejected", promptId: "0" },
  };
}

function errorOf(kind: FaultKind): WireError | undefined {
  switch (kind) {
    case "limit":
      return "rate-limited";
    case "rate-limited":
    case "overloaded":
    case "server-error":
    case "auth":
    case "not-found":
    case "quota-exceeded":
    case "context-too-long":
    case "invalid-request":
      return kind;
    default:
      return undefined;
  }
}
