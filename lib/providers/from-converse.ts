import type { ContentBlock, ConverseCommandOutput } from "@aws-sdk/client-bedrock-runtime";
import type { ProviderOutcome, Usage } from "../core/provider.ts";

const finishReasons = new Map([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["tool_use", "tool_calls"],
]);
const filtered = new Set(["content_filtered", "guardrail_intervened"]);
const broken = new Set(["malformed_model_output", "malformed_tool_use"]);

/** Converse's output as a chat completion. Without a message or usage it is the provider's fault, as it is for OpenAI. */
export function fromConverse(output: ConverseCommandOutput, model: string, nowMs: number): ProviderOutcome {
  const usage = usageOf(output);
  if (usage === undefined) return { kind: "failed", error: { kind: "server-error", detail: "missing-usage" } };
  const reason: string = output.stopReason ?? "end_turn";
  if (filtered.has(reason)) return { kind: "failed", error: { kind: "content-filtered", detail: reason }, usage };
  if (broken.has(reason)) return { kind: "failed", error: { kind: "server-error", detail: reason }, usage };
  const content = output.output?.message?.content;
  if (content === undefined)
    return { kind: "failed", error: { kind: "server-error", detail: "missing-message" }, usage };
  return {
    kind: "completed",
    usage,
    response: {
      id: `chatcmpl-${output.$metadata.requestId ?? nowMs}`,
      object: "chat.completion",
      created: Math.floor(nowMs / 1000),
      model,
      choices: [
        { index: 0, message: messageOf(content), logprobs: null, finish_reason: finishReasons.get(reason) ?? "stop" },
      ],
      usage: {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
      },
    },
  };
}

function usageOf({ usage }: ConverseCommandOutput): Usage | undefined {
  if (usage?.inputTokens === undefined || usage.outputTokens === undefined) return undefined;
  return { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
}

/** Text and tool calls; reasoning is not part of a chat completion. */
function messageOf(content: ContentBlock[]): Record<string, unknown> {
  const texts = content.flatMap((block) => (block.text === undefined ? [] : [block.text]));
  const calls = content.flatMap(({ toolUse }) =>
    toolUse === undefined
      ? []
      : [
          {
            id: toolUse.toolUseId,
            type: "function",
            function: { name: toolUse.name, arguments: JSON.stringify(toolUse.input ?? {}) },
          },
        ],
  );
  return {
    role: "assistant",
    content: calls.length > 0 && texts.length === 0 ? null : texts.join(""),
    refusal: null,
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}
