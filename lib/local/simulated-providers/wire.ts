import type { Deployment } from "../../core/configuration/document.ts";
import type { Answer, Prompt } from "./answer.ts";

export type WireResponse = { status: number; headers: Record<string, string>; body: string };

export type WireError =
  | "rate-limited"
  | "overloaded"
  | "server-error"
  | "auth"
  | "not-found"
  | "quota-exceeded"
  | "context-too-long"
  | "invalid-request";

type WireRead = { kind: "prompt"; prompt: Prompt } | { kind: "refused"; error: WireError };

/** How a kind of provider speaks: its requests, answers and errors as they are on the wire. */
export type Wire = {
  /** The path that requests for a deployment come by. */
  pathOf(deployment: Deployment): string;
  authorized(deployment: Deployment, authorization: string | undefined): boolean;
  read(json: unknown, deployment: Deployment): WireRead;
  answer(answer: Answer, deployment: Deployment, id: string, nowMs: number): WireResponse;
  error(error: WireError, deployment: Deployment, retryAfterSeconds?: number): WireResponse;
};

export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): WireResponse {
  return { status, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
}

export function retryAfterHeader(seconds: number | undefined): Record<string, string> {
  return seconds === undefined ? {} : { "retry-after": String(seconds) };
}
