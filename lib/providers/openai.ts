import { type ChatBody, maxOutputTokensOf } from "../core/chat.ts";
import type { Deployment } from "../core/configuration/document.ts";
import type { ProviderOutcome } from "../core/provider.ts";
import { beforeDeadline } from "./deadline.ts";
import { egressTo } from "./egress.ts";
import type { ProviderFactory } from "./factory.ts";
import { createHttpPool, mapConnectionError } from "./http-pool.ts";
import { mapOpenAiError } from "./map-openai-error.ts";
import { readCompletion } from "./openai-response.ts";
import { createSecretCache, type Secret } from "./provider-secret.ts";

/** Chat completions of OpenAI, and of any server that speaks them. */
export const createOpenAi: ProviderFactory = (deployment, { baseUrl, reach, resolve, secret, now }) => {
  if (baseUrl === undefined) throw new Error(`deployment ${deployment.name}: baseUrl is missing`);
  const url = new URL(`${baseUrl}/chat/completions`);
  const pool = createHttpPool(deployment.concurrency, egressTo(baseUrl, reach, resolve));
  const key = secret && createSecretCache(secret);

  async function request(body: ChatBody, signal: AbortSignal): Promise<ProviderOutcome> {
    const used = await key?.read();
    if (used?.kind === "unknown") return { kind: "failed", error: { kind: "auth", detail: used.detail } };
    const outcome = await post(JSON.stringify(wireBody(body, deployment)), used, signal);
    if (outcome.kind === "failed" && outcome.error.kind === "auth" && used) key?.forget(used);
    return outcome;
  }

  async function post(body: string, used: Secret | undefined, signal: AbortSignal): Promise<ProviderOutcome> {
    try {
      const answer = await pool.request({
        origin: url.origin,
        path: url.pathname,
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          ...(used?.kind === "known" && { authorization: `Bearer ${used.value}` }),
        },
        body,
        signal,
      });
      const text = await answer.body.text();
      if (answer.statusCode === 200) return readCompletion(text);
      return { kind: "failed", error: mapOpenAiError(answer.statusCode, answer.headers, text, now()) };
    } catch (error) {
      const mapped = mapConnectionError(error);
      if (mapped === undefined) throw error;
      return { kind: "failed", error: mapped };
    }
  }

  return {
    async call({ body, timeoutMs }) {
      const outcome = await beforeDeadline(timeoutMs, (signal) => request(body, signal));
      return outcome ?? { kind: "failed", error: { kind: "timeout", detail: "deadline" } };
    },
    close: () => pool.destroy(),
  };
};

/**
 * The user's body for our model. A batch has nobody to stream to. OpenAI's newest models know `max_completion_tokens`
 * only, and servers that are compatible often the older name only.
 */
function wireBody(
  { stream: _, stream_options: __, ...body }: ChatBody,
  deployment: Deployment,
): Record<string, unknown> {
  const { model, provider, defaultMaxOutputTokens } = deployment;
  if (defaultMaxOutputTokens === undefined || maxOutputTokensOf(body) !== undefined) return { ...body, model };
  const key = provider === "openai" ? "max_completion_tokens" : "max_tokens";
  return { ...body, model, [key]: defaultMaxOutputTokens };
}
