import * as z from "zod";

const TextPart = z.looseObject({ type: z.literal("text"), text: z.string() });
const OtherPart = z.looseObject({ type: z.string() });
const Content = z.union([z.string(), z.array(z.union([TextPart, OtherPart]))]);

export const ChatMessage = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool", "function"]),
  content: Content.nullish(),
});
export type ChatMessage = z.infer<typeof ChatMessage>;

/**
 * The body of a chat-completions request, as its user wrote it. Loose: what we do not read is passed on.
 * Source: OpenAI API reference, "Create chat completion".
 */
export const ChatBody = z.looseObject({
  model: z.string(),
  messages: z.array(ChatMessage).min(1),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  tools: z.array(z.unknown()).nullish(),
});
export type ChatBody = z.infer<typeof ChatBody>;

/** Text of a message, parts joined by line feeds; empty where there is none. */
export function textOf(message: ChatMessage): string {
  const { content } = message;
  if (content === null || content === undefined) return "";
  if (typeof content === "string") return content;
  return content.map((part) => ("text" in part && typeof part.text === "string" ? part.text : "")).join("\n");
}

/** The caller's own limit on the answer, in tokens. */
export function maxOutputTokensOf(body: ChatBody): number | undefined {
  return body.max_completion_tokens ?? body.max_tokens ?? undefined;
}
