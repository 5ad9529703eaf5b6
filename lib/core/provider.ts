import type { ChatBody } from "./chat.ts";
import type { FailureKind } from "./failure.ts";

/** One call of a deployment. The body is the user's, with its own `model`; the provider puts the deployment's in. */
export type ProviderCall = {
  body: ChatBody;
  /** Cut the call off after this long; the outcome is `timeout`. */
  timeoutMs: number;
};

export type Usage = { inputTokens: number; outputTokens: number };

export type ProviderError = {
  kind: FailureKind;
  /** The provider's own code or HTTP status; never text of the request or answer. */
  detail: string;
  /** From `Retry-After` (seconds or date) or the provider's own header, relative. */
  retryAfterMs?: number;
};

/** `response` is a chat completion in OpenAI's shape whatever the provider: it becomes `response.body` of the output line. */
export type ProviderOutcome =
  | { kind: "completed"; response: Record<string, unknown>; usage: Usage }
  | { kind: "failed"; error: ProviderError; usage?: Usage };

/** A deployment that can be called. Makes exactly one HTTP request a call: retrying is the router's. Never throws for what a provider does. */
export type Provider = { call(call: ProviderCall): Promise<ProviderOutcome>; close(): Promise<void> };
