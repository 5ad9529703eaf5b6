import { Agent } from "undici";
import type { ProviderError } from "../core/provider.ts";
import { codeOf } from "./code-of.ts";

/** No chat completion is larger; a body that is was not meant for us. */
const maxResponseBytes = 32 * 1024 * 1024;

/**
 * Keep-alive connections to one provider, as many as calls may be in flight. Redirects are not followed (undici's
 * default), and undici's own time-outs are off: the call's deadline is the only clock.
 */
export function createHttpPool(connections: number): Agent {
  return new Agent({
    connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    maxResponseSize: maxResponseBytes,
  });
}

/** What a request that got no complete HTTP answer ended in; undefined when the error is not of the connection. */
export function mapConnectionError(error: unknown): ProviderError | undefined {
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return { kind: "server-error", detail: "body-too-large" };
  if (code.startsWith("HPE_")) return { kind: "server-error", detail: code };
  // A bug of ours, such as a header that cannot be sent.
  if (code.startsWith("UND_ERR_INVALID") || code.startsWith("ERR_INVALID")) return undefined;
  return { kind: "network", detail: code };
}
