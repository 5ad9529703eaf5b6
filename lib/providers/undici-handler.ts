import type { Agent } from "undici";

/** What the SDK hands to a request handler for a call without query or stream. */
type SdkRequest = {
  protocol: string;
  hostname: string;
  port?: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
};
type SdkResponse = { statusCode: number; headers: Record<string, string>; body: Uint8Array };

/**
 * Lets an AWS SDK client call through a pool of ours, for requests and answers that are whole, as Converse's are.
 * Bedrock's own default speaks HTTP/2, one session a call in flight; this takes less CPU a call and needs no other library.
 */
export function createUndiciHandler(pool: Agent) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    async handle(request: SdkRequest, options: { abortSignal?: AbortSignal } = {}): Promise<{ response: SdkResponse }> {
      const port = request.port === undefined ? "" : `:${request.port}`;
      const answer = await pool.request({
        origin: `${request.protocol}//${request.hostname}${port}`,
        path: request.path,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
        signal: options.abortSignal ?? null,
      });
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers))
        if (value !== undefined) headers[name] = typeof value === "string" ? value : value.join(", ");
      return { response: { statusCode: answer.statusCode, headers, body: await answer.body.bytes() } };
    },
    destroy(): void {},
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
  };
}
