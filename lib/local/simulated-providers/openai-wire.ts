import * as z from "zod";
import { ChatBody, maxOutputTokensOf } from "../../core/chat.ts";
import type { Answer, Prompt } from "./answer.ts";
import { jsonResponse, retryAfterHeader, type Wire, type WireError } from "./wire.ts";

/** Source: OpenAI API reference, "Create chat completion" and "Error codes". */
export const openaiWire: Wire = {
  pathOf: ({ name }) => `/deployments/${encodeURIComponent(name)}/v1/chat/completions`,
  authorized: ({ secret }, authorization) => secret === undefined || /^Bearer \S+$/.test(authorization ?? ""),
  read(json, deployment) {
    const parsed = ChatBody.safeParse(json);
    if (!parsed.success) return { kind: "refused", error: "invalid-request" };
    if (parsed.data.model !== deployment.model) return { kind: "refused", error: "not-found" };
    return { kind: "prompt", prompt: promptOf(parsed.data) };
  },
  answer: (answer, deployment, id, nowMs) =>
    jsonResponse(200, {
      id: `chatcmpl-${id}`,
      object: "chat.completion",
      created: Math.floor(nowMs / 1000),
      model: deployment.model,
      choices: [{ index: 0, message: messageOf(answer), logprobs: null, finish_reason: finishReasons[answer.finish] }],
      usage: {
        prompt_tokens: answer.inputTokens,
        completion_tokens: answer.outputTokens,
        total_tokens: answer.inputTokens + answer.outputTokens,
      },
    }),
  error(error, deployment, retryAfterSeconds) {
    const { status, type, code, message } = errors[error];
    const text = message.replace("{model}", deployment.model);
    const body = { error: { message: `[simulated ${deployment.name}] ${text}`, type, param: null, code } };
    return jsonResponse(status, body, retryAfterHeader(retryAfterSeconds));
  },
};

const finishReasons: Record<Answer["finish"], string> = {
  end: "stop",
  "stop-sequence": "stop",
  "max-tokens": "length",
  refused: "stop",
  filtered: "content_filter",
};

const errors: Record<WireError, { status: number; type: string; code: string | null; message: string }> = {
  "rate-limited": {
    status: 429,
    type: "requests",
    code: "rate_limit_exceeded",
    message: "Rate limit reached for {model} on requests per min (RPM).",
  },
  overloaded: { status: 503, type: "server_error", code: null, message: "The engine is currently overloaded." },
  "server-error": { status: 500, type: "server_error", code: null, message: "The server had an error." },
  auth: { status: 401, type: "invalid_request_error", code: "invalid_api_key", message: "Incorrect API key provided." },
  "not-found": {
    status: 404,
    type: "invalid_request_error",
    code: "model_not_found",
    message: "The model `{model}` does not exist or you do not have access to it.",
  },
  "quota-exceeded": {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.",
  },
  "context-too-long": {
    status: 400,
    type: "invalid_request_error",
    code: "context_length_exceeded",
    message: "Your input exceeds this model's maximum context length.",
  },
  "invalid-request": { status: 400, type: "invalid_request_error", code: null, message: "Invalid request." },
};

function messageOf({ text, finish }: Answer): Record<string, unknown> {
  if (finish === "refused") return { role: "assistant", content: null, refusal: text };
  return { role: "assistant", content: finish === "filtered" ? null : text, refusal: null };
}

function promptOf(body: ChatBody): Prompt {
  const isSystem = (role: string) => role === "system" || role === "developer";
  const maxTokens = maxOutputTokensOf(body);
  const json = jsonOf(body.response_format);
  return {
    texts: [
      ...body.messages.filter(({ role }) => isSystem(role)),
      ...body.messages.filter(({ role }) => !isSystem(role)),
    ].flatMap(textsOf),
    ...(maxTokens !== undefined && { maxTokens }),
    stop: [body.stop ?? []].flat(),
    ...(json !== undefined && { json }),
  };
}

function textsOf({ content }: ChatBody["messages"][number]): string[] {
  const texts = typeof content === "string" ? [content] : (content ?? []).map((part) => part.text);
  return texts.filter((text): text is string => typeof text === "string" && text.trim() !== "");
}

const JsonSchema = z.looseObject({ json_schema: z.looseObject({ schema: z.unknown().optional() }) });

function jsonOf(format: ChatBody["response_format"]): Prompt["json"] {
  if (format?.type === "json_object") return {};
  if (format?.type !== "json_schema") return undefined;
  return { schema: JsonSchema.safeParse(format).data?.json_schema.schema };
}
