import { describe, expect, it } from "vitest";
import { mapOpenAiError } from "../../lib/providers/map-openai-error.ts";

const body = (error: Record<string, unknown>) => JSON.stringify({ error });

describe("mapOpenAiError", () => {
  it.each([
    // OpenAI
    [
      429,
      body({ message: "Rate limit reached", type: "requests", code: "rate_limit_exceeded" }),
      "rate-limited",
      "429 rate_limit_exceeded",
    ],
    [
      429,
      body({ message: "You exceeded", type: "insufficient_quota", code: "insufficient_quota" }),
      "quota-exceeded",
      "429 insufficient_quota",
    ],
    [
      429,
      body({
        message: "Request too large for gpt-4o on tokens per min (TPM)",
        type: "tokens",
        code: "rate_limit_exceeded",
      }),
      "context-too-long",
      "429 rate_limit_exceeded",
    ],
    [401, body({ message: "Incorrect API key", code: "invalid_api_key" }), "auth", "401 invalid_api_key"],
    [
      403,
      body({ message: "Country not supported", code: "unsupported_country_region_territory" }),
      "auth",
      "403 unsupported_country_region_territory",
    ],
    [
      404,
      body({ message: "No such model", type: "invalid_request_error", code: "model_not_found" }),
      "not-found",
      "404 model_not_found",
    ],
    [
      400,
      body({ message: "too many", code: "context_length_exceeded" }),
      "context-too-long",
      "400 context_length_exceeded",
    ],
    [
      400,
      body({ message: "max_tokens is too large: 100000. This model supports at most 16384", code: "invalid_value" }),
      "context-too-long",
      "400 invalid_value",
    ],
    [400, body({ message: "Filtered", code: "content_filter", type: null }), "content-filtered", "400 content_filter"],
    [
      400,
      body({ message: "Rejected", code: "content_policy_violation" }),
      "content-filtered",
      "400 content_policy_violation",
    ],
    [
      400,
      body({ message: "Unknown parameter", type: "invalid_request_error", code: "unknown_parameter" }),
      "invalid-request",
      "400 unknown_parameter",
    ],
    [
      400,
      body({ message: "billing", code: "billing_hard_limit_reached" }),
      "quota-exceeded",
      "400 billing_hard_limit_reached",
    ],
    [503, body({ message: "Slow down", code: "slow_down" }), "overloaded", "503 slow_down"],
    // vLLM, which does not wrap, and llama.cpp
    [
      400,
      JSON.stringify({
        object: "error",
        message: "This model's maximum context length is 8192 tokens.",
        type: "BadRequestError",
        code: 400,
      }),
      "context-too-long",
      "400 BadRequestError",
    ],
    [
      400,
      body({ code: 400, message: "the request exceeds the available context size", type: "exceed_context_size_error" }),
      "context-too-long",
      "400 exceed_context_size_error",
    ],
    // By status alone
    [302, "", "server-error", "302"],
    [400, "", "invalid-request", "400"],
    [402, "", "quota-exceeded", "402"],
    [408, "", "timeout", "408"],
    [409, "", "invalid-request", "409"],
    [413, "<html>", "context-too-long", "413"],
    [422, "[]", "invalid-request", "422"],
    [429, "not json", "rate-limited", "429"],
    [500, "null", "server-error", "500"],
    [502, "", "server-error", "502"],
    [503, "", "overloaded", "503"],
    [504, "", "server-error", "504"],
    [529, "", "overloaded", "529"],
  ])("%i %s is %s", (status, text, kind, detail) => {
    expect(mapOpenAiError(status, {}, text, 0)).toEqual({ kind, detail });
  });

  it("reads the wait of a rate limit and of an overload, and of nothing else", () => {
    const headers = { "retry-after": "7" };

    expect(mapOpenAiError(429, headers, "", 0)).toEqual({ kind: "rate-limited", detail: "429", retryAfterMs: 7000 });
    expect(mapOpenAiError(503, headers, "", 0)).toEqual({ kind: "overloaded", detail: "503", retryAfterMs: 7000 });
    expect(mapOpenAiError(429, headers, body({ code: "insufficient_quota" }), 0)).not.toHaveProperty("retryAfterMs");
  });

  it("never takes text for a code", () => {
    const text = body({ code: "The prompt 'my secret' was bad", type: "constructor", message: "my secret" });

    expect(mapOpenAiError(400, {}, text, 0)).toEqual({ kind: "invalid-request", detail: "400 constructor" });
  });
});
