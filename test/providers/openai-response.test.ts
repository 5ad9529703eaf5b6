import { describe, expect, it } from "vitest";
import { readCompletion } from "../../lib/providers/openai-response.ts";

const completion = {
  id: "chatcmpl-1",
  object: "chat.completion",
  service_tier: "default",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4, prompt_tokens_details: { cached_tokens: 0 } },
};
const read = (changes: Record<string, unknown> = {}) => readCompletion(JSON.stringify({ ...completion, ...changes }));

describe("readCompletion", () => {
  it("passes the completion on as it came", () => {
    const outcome = read();

    expect(outcome).toEqual({
      kind: "completed",
      response: completion,
      usage: { inputTokens: 3, outputTokens: 1 },
    });
    expect(outcome.kind === "completed" && JSON.stringify(outcome.response)).toBe(JSON.stringify(completion));
  });

  it.each([
    ["", "malformed-json"],
    ["<html>", "malformed-json"],
    ["[1]", "malformed-json"],
    ["null", "malformed-json"],
    [JSON.stringify({ error: { code: 502 } }), "missing-choices"],
    [JSON.stringify({ ...completion, choices: [] }), "missing-choices"],
    [JSON.stringify({ ...completion, usage: null }), "missing-usage"],
    [JSON.stringify({ ...completion, usage: { prompt_tokens: 3 } }), "missing-usage"],
    [JSON.stringify({ ...completion, usage: { prompt_tokens: -1, completion_tokens: 1 } }), "missing-usage"],
  ])("calls %j the provider's fault", (text, detail) => {
    expect(readCompletion(text)).toEqual({ kind: "failed", error: { kind: "server-error", detail } });
  });

  it("fails when every choice was filtered, and keeps the charge", () => {
    expect(read({ choices: [{ finish_reason: "content_filter" }] })).toEqual({
      kind: "failed",
      error: { kind: "content-filtered", detail: "content_filter" },
      usage: { inputTokens: 3, outputTokens: 1 },
    });
  });
});
