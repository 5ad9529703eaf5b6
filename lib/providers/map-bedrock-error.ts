import * as z from "zod";
import type { FailureKind } from "../core/failure.ts";
import type { ProviderError } from "../core/provider.ts";
import { asCode } from "./code-of.ts";
import { mapConnectionError } from "./http-pool.ts";
import { kindOfStatus } from "./kind-of-status.ts";
import { retryAfterMs } from "./retry-after.ts";
import { saysTooLong } from "./too-long.ts";

/** Sources: Bedrock API reference, Converse and "Common errors"; the SDK's credential providers. */
const kindOfName = new Map<string, FailureKind>([
  ["ThrottlingException", "rate-limited"],
  ["TooManyRequestsException", "rate-limited"],
  ["RequestLimitExceeded", "rate-limited"],
  ["ServiceQuotaExceededException", "quota-exceeded"],
  ["ModelNotReadyException", "overloaded"],
  ["ServiceUnavailableException", "overloaded"],
  ["ServiceUnavailable", "overloaded"],
  ["InternalServerException", "server-error"],
  ["InternalFailure", "server-error"],
  ["ModelErrorException", "server-error"],
  ["ModelStreamErrorException", "server-error"],
  ["ModelTimeoutException", "timeout"],
  ["AccessDeniedException", "auth"],
  ["UnrecognizedClientException", "auth"],
  ["InvalidClientTokenId", "auth"],
  ["ExpiredTokenException", "auth"],
  ["ExpiredToken", "auth"],
  ["InvalidSignatureException", "auth"],
  ["SignatureDoesNotMatch", "auth"],
  ["IncompleteSignature", "auth"],
  ["MissingAuthenticationTokenException", "auth"],
  ["MissingAuthenticationToken", "auth"],
  ["NotAuthorized", "auth"],
  ["OptInRequired", "auth"],
  ["CredentialsProviderError", "auth"],
  ["TokenProviderError", "auth"],
  ["ProviderError", "auth"],
  ["ResourceNotFoundException", "not-found"],
]);

/** Validation errors that are about the deployment: every job would meet them, and none of them is to blame. */
const misconfigured = [
  /model identifier is invalid/i,
  /on-demand throughput isn.t supported/i,
  /reached the end of its life/i,
];

const Thrown = z.looseObject({
  name: z.string().catch(""),
  message: z.string().catch(""),
  $metadata: z.looseObject({ httpStatusCode: z.number().optional() }).optional().catch(undefined),
  $response: z
    .looseObject({ statusCode: z.number().optional(), headers: z.record(z.string(), z.string()).optional() })
    .optional()
    .catch(undefined),
});

/** What an error thrown by the SDK says, by its name, else by status, else by what the connection did. */
export function mapBedrockError(thrown: unknown, nowMs: number): ProviderError {
  const { name, message, $metadata, $response } = Thrown.catch({ name: "", message: "" }).parse(thrown);
  const status = $metadata?.httpStatusCode ?? $response?.statusCode;
  const code = asCode(name) ?? "unknown";
  const detail = status === undefined ? code : `${status} ${code}`;
  if (name === "ValidationException") return { kind: validationKind(message), detail };
  const kind = kindOfName.get(name);
  if (kind !== undefined) return withWait({ kind, detail }, $response?.headers, nowMs);
  // A 200 that the SDK could not read.
  if (status !== undefined && status >= 200 && status < 300)
    return { kind: "server-error", detail: `${status} malformed` };
  if (status !== undefined) return withWait({ kind: kindOfStatus(status), detail }, $response?.headers, nowMs);
  return mapConnectionError(thrown) ?? { kind: "server-error", detail };
}

function validationKind(message: string): FailureKind {
  if (misconfigured.some((saying) => saying.test(message))) return "not-found";
  return saysTooLong(message) ? "context-too-long" : "invalid-request";
}

function withWait(error: ProviderError, headers: Record<string, string> | undefined, nowMs: number): ProviderError {
  if (headers === undefined || (error.kind !== "rate-limited" && error.kind !== "overloaded")) return error;
  const waitMs = retryAfterMs(headers, nowMs);
  return waitMs === undefined ? error : { ...error, retryAfterMs: waitMs };
}
