import { Agent, buildConnector, Pool } from "undici";
import type { ProviderError } from "../core/provider.ts";
import { codeOf } from "./code-of.ts";
import { type Egress, EgressRefused, guardedLookup, refusedLiteral } from "./egress.ts";

/** No chat completion is larger; a body that is was not meant for us. */
const maxResponseBytes = 32 * 1024 * 1024;

/**
 * Keep-alive connections of one deployment, as many as calls may be in flight, to its own origin and no other: any other
 * is refused before there is a connection, and a connection is refused before anything is written to it.
 * Redirects are not followed (undici's default), and undici's own time-outs are off: the call's deadline is the only clock.
 */
export function createHttpPool(connections: number, { origin, reach, resolve }: Egress): Agent {
  const open = buildConnector({ lookup: guardedLookup(reach, resolve) });
  return new Agent({
    connections,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    maxResponseSize: maxResponseBytes,
    factory(asked, options) {
      if (new URL(asked).origin !== origin) throw new EgressRefused("origin-refused");
      return new Pool(asked, options);
    },
    connect(options, callback) {
      // The system connects to a literal address without a lookup.
      const refused = refusedLiteral(options.hostname, reach);
      if (refused === undefined) open(options, callback);
      else callback(refused, null);
    },
  });
}

/**
 * What a request that got no complete HTTP answer ended in; undefined when the error is not of the connection.
 * A refused connection is `not-found`: the place that is configured is not where it may be. That rests the deployment at
 * once and raises the alarm, as every job would meet it and only a person can mend it. `network` would knock again, and
 * `auth` would ask for the key anew.
 */
export function mapConnectionError(error: unknown): ProviderError | undefined {
  if (error instanceof EgressRefused) return { kind: "not-found", detail: error.detail };
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") return { kind: "server-error", detail: "body-too-large" };
  if (code.startsWith("HPE_")) return { kind: "server-error", detail: code };
  // A bug of ours, such as a header that cannot be sent.
  if (code.startsWith("UND_ERR_INVALID") || code.startsWith("ERR_INVALID")) return undefined;
  return { kind: "network", detail: code };
}
