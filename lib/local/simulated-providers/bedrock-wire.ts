import * as z from "zod";
import type { Answer, Prompt } from "./answer.ts";
import { jsonResponse, retryAfterHeader, type Wire, type WireError } from "./wire.ts";

const Text = z.looseObject({ text: z.string().refine((text) => text.trim() !== "") });
const Converse = z.looseObject({
  system: z.array(Text).default([]),
  messages: z.array(z.looseObject({ role: z.enum(["user", "assistant"]), content: z.array(Text).min(1) })).min(1),
  inferenceConfig: z
    .looseObject({
      maxTokens: z.int().positive().optional(),
      temperature: z.number().min(0).max(1).optional(),
      topP: z.number().min(0).max(1).optional(),
      stopSequences: z.array(z.string().min(1)).default([]),
    })
    .default({ stopSequences: [] }),
});

/** Source: Amazon Bedrock API reference, Converse. */
export const bedrockWire: Wire = {
  pathOf: ({ region, model }) => `/bedrock/${region}/model/${encodeURIComponent(model)}/converse`,
  authorized: ({ region }, authorization) =>
    authorization?.startsWith("AWS4-HMAC-SHA256 ") === true &&
    authorization.includes(`/${region}/bedrock/aws4_request`),
  read(json) {
    const parsed = Converse.safeParse(json);
    if (!parsed.success || !alternates(parsed.data.messages)) return { kind: "refused", error: "invalid-request" };
    return { kind: "prompt", prompt: promptOf(parsed.data) };
  },
  answer: (answer, _deployment, id) =>
    jsonResponse(
      200,
      {
        output: {
          message: { role: "assistant", content: answer.finish === "filtered" ? [] : [{ text: answer.text }] },
        },
        stopReason: stopReasons[answer.finish],
        usage: {
          inputTokens: answer.inputTokens,
          outputTokens: answer.outputTokens,
          totalTokens: answer.inputTokens + answer.outputTokens,
        },
        metrics: { latencyMs: 0 },
      },
      { "x-amzn-requestid": id },
    ),
  error(error, deployment, retryAfterSeconds) {
    const { status, name, message } = errors[error];
    return jsonResponse(
      status,
      { message: `[simulated ${deployment.name}] ${message}` },
      { "x-amzn-errortype": name, ...retryAfterHeader(retryAfterSeconds) },
    );
  },
};

const stopReasons: Record<Answer["finish"], string> = {
  end: "end_turn",
  "stop-sequence": "stop_sequence",
  "max-tokens": "max_tokens",
  refused: "end_turn",
  filtered: "content_filtered",
};

const errors: Record<WireError, { status: number; name: string; message: string }> = {
  "rate-limited": {
    status: 429,
    name: "ThrottlingException",
    message: "Too many requests, please wait before trying again.",
  },
  overloaded: {
    status: 503,
    name: "ServiceUnavailableException",
    message: "Bedrock is unable to process your request.",
  },
  "server-error": { status: 500, name: "InternalServerException", message: "The system encountered an error." },
  auth: {
    status: 403,
    name: "AccessDeniedException",
    message: "You don't have access to the model with the specified ID.",
  },
  "not-found": { status: 404, name: "ResourceNotFoundException", message: "Could not find the model." },
  "quota-exceeded": {
    status: 400,
    name: "ServiceQuotaExceededException",
    message: "Your request exceeds the service quota for your account.",
  },
  "context-too-long": {
    status: 400,
    name: "ValidationException",
    message: "Input is too long for requested model.",
  },
  "invalid-request": { status: 400, name: "ValidationException", message: "The format of the request is not valid." },
};

function alternates(messages: readonly { role: string }[]): boolean {
  return messages.every(({ role }, index) => role === (index % 2 === 0 ? "user" : "assistant"));
}

function promptOf({ system, messages, inferenceConfig }: z.infer<typeof Converse>): Prompt {
  return {
    texts: [...system, ...messages.flatMap(({ content }) => content)].map(({ text }) => text),
    ...(inferenceConfig.maxTokens !== undefined && { maxTokens: inferenceConfig.maxTokens }),
    stop: inferenceConfig.stopSequences,
  };
}
