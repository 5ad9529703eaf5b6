import type {
  ContentBlock,
  ConverseCommandInput,
  InferenceConfiguration,
  Message,
} from "@aws-sdk/client-bedrock-runtime";
import { type ChatBody, type ChatMessage, maxOutputTokensOf } from "../core/chat.ts";
import type { Deployment } from "../core/configuration/document.ts";

export type ToConverse = { kind: "converted"; input: ConverseCommandInput } | { kind: "unsupported"; detail: string };

/** Converse wants a conversation to begin with the user, and Chat Completions does not. */
const opening = "Continue.";
const asJson = "Answer with one JSON object and nothing else.";

/**
 * A chat-completions body as Converse's input; `unsupported` for what Converse would have to be told in another way
 * (tools, schemas, images, several choices), with a detail in our words. Sampling options that Converse lacks are left out.
 */
export function toConverse(
  body: ChatBody,
  { model, defaultMaxOutputTokens }: Pick<Deployment, "model" | "defaultMaxOutputTokens">,
): ToConverse {
  const obstacle = obstacleIn(body);
  if (obstacle !== undefined) return { kind: "unsupported", detail: obstacle };
  const system: string[] = [];
  const messages: Message[] = [];
  for (const message of body.messages) {
    const texts = textsOf(message);
    if (message.role === "system" || message.role === "developer") system.push(...texts);
    else if (texts.length > 0) append(messages, message.role === "assistant" ? "assistant" : "user", texts);
  }
  if (messages[0]?.role !== "user") messages.unshift({ role: "user", content: [{ text: opening }] });
  if (body.response_format?.type === "json_object") system.push(asJson);
  const inferenceConfig = inferenceOf(body, model, defaultMaxOutputTokens);
  return {
    kind: "converted",
    input: {
      modelId: model,
      messages,
      ...(system.length > 0 && { system: system.map((text) => ({ text })) }),
      ...(Object.keys(inferenceConfig).length > 0 && { inferenceConfig }),
    },
  };
}

function obstacleIn(body: ChatBody): string | undefined {
  if ((body.tools?.length ?? 0) > 0) return "unsupported-tools";
  if (body.response_format?.type === "json_schema") return "unsupported-json-schema";
  if (typeof body.n === "number" && body.n > 1) return "unsupported-n";
  for (const message of body.messages) {
    if (message.role === "tool" || message.role === "function") return "unsupported-role";
    if (message.tool_calls != null || message.function_call != null) return "unsupported-tools";
    if (Array.isArray(message.content) && message.content.some((part) => part.type !== "text"))
      return "unsupported-content";
  }
  return undefined;
}

/** Texts of a message; Converse refuses blank ones, and nothing is lost with them. */
function textsOf({ content }: ChatMessage): string[] {
  const texts = typeof content === "string" ? [content] : (content ?? []).map((part) => part.text);
  return texts.filter((text): text is string => typeof text === "string" && text.trim() !== "");
}

/** Converse wants the roles to alternate: neighbours of one role become one message. */
function append(messages: Message[], role: "user" | "assistant", texts: string[]): void {
  const content: ContentBlock[] = texts.map((text) => ({ text }));
  const last = messages.at(-1);
  if (last?.role === role) last.content = [...(last.content ?? []), ...content];
  else messages.push({ role, content });
}

function inferenceOf(body: ChatBody, model: string, defaultMaxOutputTokens?: number): InferenceConfiguration {
  const maxTokens = maxOutputTokensOf(body) ?? defaultMaxOutputTokens;
  const stopSequences = [body.stop ?? []].flat().filter((stop) => stop !== "");
  const { temperature } = body;
  // 1 is the default, and newer Claude models refuse top_p beside a temperature.
  const topP = body.top_p === 1 || (temperature != null && model.includes("anthropic.")) ? undefined : body.top_p;
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    // OpenAI's scale ends at 2, Converse's at 1.
    ...(temperature != null && { temperature: Math.min(temperature, 1) }),
    ...(topP != null && { topP }),
    ...(stopSequences.length > 0 && { stopSequences }),
  };
}
