import type { ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import { describe, expect, it } from "vitest";
import { fromConverse } from "../../lib/providers/from-converse.ts";

const good: ConverseCommandOutput = {
  $metadata: { requestId: "7b1e" },
  output: { message: { role: "assistant", content: [{ text: "Hello" }, { text: ", you." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 11, outputTokens: 7, totalTokens: 18 },
  metrics: { latencyMs: 5 },
};
const read = (changes: Partial<ConverseCommandOutput> = {}) =>
  fromConverse({ ...good, ...changes }, "nova", 1_700_000_000_999);

describe("fromConverse", () => {
  it("gives a chat completion", () => {
    expect(read()).toEqual({
      kind: "completed",
      usage: { inputTokens: 11, outputTokens: 7 },
      response: {
        id: "chatcmpl-7b1e",
        object: "chat.completion",
        created: 1_700_000_000,
        model: "nova",
        choices: [
          {
            index: 0,
            message: { role: "assistant", content: "Hello, you.", refusal: null },
            logprobs: null,
            finish_reason: "stop",
          },
        ],
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      },
    });
  });

  it.each([
    ["end_turn", "stop"],
    ["stop_sequence", "stop"],
    ["max_tokens", "length"],
    ["model_context_window_exceeded", "length"],
    ["tool_use", "tool_calls"],
  ] as const)("maps %s to %s", (stopReason, finish) => {
    expect(read({ stopReason })).toMatchObject({ response: { choices: [{ finish_reason: finish }] } });
  });

  it.each(["content_filtered", "guardrail_intervened"] as const)(
    "fails when %s, and keeps the charge",
    (stopReason) => {
      expect(read({ stopReason })).toEqual({
        kind: "failed",
        error: { kind: "content-filtered", detail: stopReason },
        usage: { inputTokens: 11, outputTokens: 7 },
      });
    },
  );

  it("leaves reasoning out and gives tool calls as OpenAI does", () => {
    const content = [
      { reasoningContent: { reasoningText: { text: "hm" } } },
      { toolUse: { toolUseId: "t1", name: "look", input: { at: 1 } } },
    ];

    expect(read({ stopReason: "tool_use", output: { message: { role: "assistant", content } } })).toMatchObject({
      response: {
        choices: [
          {
            message: {
              content: null,
              tool_calls: [{ id: "t1", type: "function", function: { name: "look", arguments: '{"at":1}' } }],
            },
          },
        ],
      },
    });
  });

  it.each([
    [{ usage: undefined }, "missing-usage"],
    [{ output: undefined }, "missing-message"],
    [{ stopReason: "malformed_model_output" as const }, "malformed_model_output"],
  ])("is the provider's fault without what it must have: %j", (changes, detail) => {
    expect(read(changes)).toMatchObject({ kind: "failed", error: { kind: "server-error", detail } });
  });
});
