import * as z from "zod";
import type { FailureKind } from "../core/failure.ts";
import type { ProviderError } from "../core/provider.ts";
import { asCode } from "./code-of.ts";
import { kindOfStatus } from "./kind-of-status.ts";
import { parseJson } from "./openai-response.ts";
import { type ResponseHeaders, retryAfterMs } from "./retry-after.ts";
import { saysTooLong } from "./too-long.ts";

/** OpenAI wraps the fields in `error`; some compatible servers do not. */
const Fields = z.looseObject({
  code: z.unknown().optional(),
  type: z.unknown().optional(),
  message: z.string().catch(""),
});
const ErrorBody = z.union([z.looseObject({ error: Fields }).transform(({ error }) => error), Fields]);

/** Codes and types that say more than the status does. Sources: OpenAI and Azure OpenAI error references, llama.cpp. */
const kindOfCode = new Map<string, FailureKind>([
  ["insufficient_quota", "quota-exceeded"],
  ["billing_hard_limit_reached", "quota-exceeded"],
  ["billing_not_active", "quota-exceeded"],
  ["invalid_api_key", "auth"],
  ["model_not_found", "not-found"],
  ["context_length_exceeded", "context-too-long"],
  ["string_above_max_length", "context-too-long"],
  ["exceed_context_size_error", "context-too-long"],
  ["content_filter", "content-filtered"],
  ["content_policy_violation", "content-filtered"],
  ["server_is_overloaded", "overloaded"],
  ["slow_down", "overloaded"],
]);

/** What an answer other than 200 says, by code where there is a known one, else by status. */
export function mapOpenAiError(status: number, headers: ResponseHeaders, text: string, nowMs: number): ProviderError {
  const { code, type, message } = ErrorBody.catch({ code: undefined, type: undefined, message: "" }).parse(
    parseJson(text),
  );
  const names = [asCode(code), asCode(type)].filter((name) => name !== undefined);
  const known = names.find((name) => kindOfCode.has(name));
  const kind = kindOfCode.get(known ?? "") ?? kindByMessage(status, message) ?? kindOfStatus(status);
  const name = known ?? names[0];
  const error: ProviderError = { kind, detail: name === undefined ? `${status}` : `${status} ${name}` };
  const waitMs = kind === "rate-limited" || kind === "overloaded" ? retryAfterMs(headers, nowMs) : undefined;
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}

/** Only where no code says it. A request larger than a whole minute's tokens comes as 429, and would for ever. */
function kindByMessage(status: number, message: string): FailureKind | undefined {
  if ((status === 400 || status === 422) && saysTooLong(message)) return "context-too-long";
  if (status === 429 && message.startsWith("Request too large")) return "context-too-long";
  return undefined;
}
