import { describe, expect, it } from "vitest";
import { mapBedrockError } from "../../lib/providers/map-bedrock-error.ts";

function thrown(name: string, status?: number, message = "", headers: Record<string, string> = {}): Error {
  return Object.assign(new Error(message), {
    name,
    ...(status !== undefined && { $metadata: { httpStatusCode: status }, $response: { statusCode: status, headers } }),
  });
}

describe("mapBedrockError", () => {
  it.each([
    ["ThrottlingException", 429, "rate-limited"],
    ["TooManyRequestsException", 429, "rate-limited"],
    ["ServiceQuotaExceededException", 400, "quota-exceeded"],
    ["ModelNotReadyException", 429, "overloaded"],
    ["ServiceUnavailableException", 503, "overloaded"],
    ["InternalServerException", 500, "server-error"],
    ["ModelErrorException", 424, "server-error"],
    ["ModelStreamErrorException", 424, "server-error"],
    ["ModelTimeoutException", 408, "timeout"],
    ["AccessDeniedException", 403, "auth"],
    ["UnrecognizedClientException", 403, "auth"],
    ["ExpiredTokenException", 403, "auth"],
    ["InvalidSignatureException", 403, "auth"],
    ["ResourceNotFoundException", 404, "not-found"],
    ["ValidationException", 400, "invalid-request"],
    ["SomethingNew", 400, "invalid-request"],
    ["SomethingNew", 502, "server-error"],
    ["SomethingNew", 503, "overloaded"],
    ["SyntaxError", 200, "server-error"],
  ])("%s (%i) is %s", (name, status, kind) => {
    expect(mapBedrockError(thrown(name, status), 0).kind).toBe(kind);
  });

  it.each([
    ["Input is too long for requested model.", "context-too-long"],
    ["prompt is too long: 208310 tokens > 200000 maximum", "context-too-long"],
    ["Too many input tokens. Max input tokens: 128000, request input token count: 140000", "context-too-long"],
    ["input length and `max_tokens` exceed context limit: 199000 + 4096 > 200000", "context-too-long"],
    ["The maximum tokens you requested exceeds the model limit of 8192.", "context-too-long"],
    ["Malformed input request: expected maxLength: 100000, actual: 200000, please reformat", "context-too-long"],
    ["The provided model identifier is invalid.", "not-found"],
    [
      "Invocation of model ID x with on-demand throughput isn’t supported. Retry with an inference profile",
      "not-found",
    ],
    ["messages: roles must alternate", "invalid-request"],
  ])("a ValidationException that says %j is %s", (message, kind) => {
    expect(mapBedrockError(thrown("ValidationException", 400, message), 0)).toEqual({
      kind,
      detail: "400 ValidationException",
    });
  });

  it("reads the wait of a throttled call", () => {
    const error = thrown("ThrottlingException", 429, "", { "retry-after": "2" });

    expect(mapBedrockError(error, 0)).toEqual({
      kind: "rate-limited",
      detail: "429 ThrottlingException",
      retryAfterMs: 2000,
    });
  });

  it("calls missing credentials a matter of access, and a broken connection one of the network", () => {
    expect(mapBedrockError(thrown("CredentialsProviderError"), 0).kind).toBe("auth");
    expect(mapBedrockError(Object.assign(new Error("reset"), { code: "ECONNRESET" }), 0)).toEqual({
      kind: "network",
      detail: "ECONNRESET",
    });
  });

  it("makes of what it does not know a fault of the provider, without its text", () => {
    expect(mapBedrockError("a string with a prompt", 0)).toEqual({ kind: "server-error", detail: "unknown" });
    expect(mapBedrockError(thrown("my secret name"), 0)).toEqual({ kind: "server-error", detail: "unknown" });
  });
});
