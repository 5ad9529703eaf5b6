import { Agent, type IncomingHttpHeaders, request } from "node:http";
import type { Answer } from "./refusals.ts";

/** Base URLs of where calls go on to. */
export type Upstreams = {
  /** The engine's own endpoint. */
  own: string;
  stores: { aws: string; dynamodb: string };
};

export type Forwarded = { method: string; url: string; headers: IncomingHttpHeaders; body: Buffer };

const ofStores = ["s3", "sqs", "sns"];

/** Which of them serves a call. @param call `service.Operation` */
export function upstreamOf(call: string, { own, stores }: Upstreams): string {
  const [service = ""] = call.split(".");
  if (service === "dynamodb") return stores.dynamodb;
  return ofStores.includes(service) ? stores.aws : own;
}

/**
 * Passes requests on as they are, over connections that are kept. Rejects when there is no complete answer.
 * @param connections how many requests may be under way to one upstream
 */
export function createForwarder(connections: number): (upstream: string, forwarded: Forwarded) => Promise<Answer> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return (upstream, { method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const { "transfer-encoding": _chunked, connection: _connection, ...rest } = headers;
      const { hostname, port } = new URL(upstream);
      const sent = request(
        { agent, hostname, port, method, path: url, headers: { ...rest, "content-length": body.length } },
        (answer) => {
          const pieces: Buffer[] = [];
          answer.on("data", (piece: Buffer) => pieces.push(piece));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 502,
              headers: headersOf(answer.headers),
              body: Buffer.concat(pieces),
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    });
}

function headersOf(headers: IncomingHttpHeaders): Record<string, string> {
  const { "transfer-encoding": _chunked, connection: _connection, "keep-alive": _keep, ...rest } = headers;
  return Object.fromEntries(
    Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
