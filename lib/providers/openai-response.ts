import * as z from "zod";
import { deepestJson, isDeeperThan } from "../core/json-depth.ts";
import type { ProviderOutcome } from "../core/provider.ts";

/** What we use of it; the whole is passed on as it came. */
const Completion = z.object({
  choices: z.array(z.object({ finish_reason: z.string().nullish() })).min(1),
  usage: z.object({ prompt_tokens: z.int().nonnegative(), completion_tokens: z.int().nonnegative() }),
});
const Json = z.record(z.string(), z.unknown());

/** What a 200 says. Without choices or usage it is the provider's fault: an answer that cannot be charged is none. */
export function readCompletion(text: string): ProviderOutcome {
  const json = Json.safeParse(parseJson(text));
  if (!json.success || isDeeperThan(json.data, deepestJson))
    return { kind: "failed", error: { kind: "server-error", detail: "malformed-json" } };
  const parsed = Completion.safeParse(json.data);
  if (!parsed.success) return { kind: "failed", error: { kind: "server-error", detail: missing(parsed.error) } };
  const { choices, usage } = parsed.data;
  const charged = { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens };
  if (choices.every((choice) => choice.finish_reason === "content_filter"))
    return { kind: "failed", error: { kind: "content-filtered", detail: "content_filter" }, usage: charged };
  return { kind: "completed", response: json.data, usage: charged };
}

/** Undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function missing(error: z.ZodError): string {
  return error.issues[0]?.path[0] === "choices" ? "missing-choices" : "missing-usage";
}
