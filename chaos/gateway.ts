import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type PassingCall, readCall } from "./api-write.ts";
import type { Answer } from "./refusals.ts";
import type { Role } from "./roles.ts";
import { roles } from "./roles.ts";
import { inWorldSeconds } from "./slow-stores.ts";
import { createForwarder, type Upstreams, upstreamOf } from "./upstreams.ts";

/** Whose call it is. */
type Caller = { role: Role; pid: number };

/** Sends a call on; `body` in place of its own. Rejects when there is no answer. */
export type Send = (body?: Buffer) => Promise<Answer>;

/** Takes a function's call on its way. Undefined is no answer at all: the connection is closed. */
export type OnCall = (caller: Caller, call: PassingCall, send: Send) => Promise<Answer | undefined>;

export type Gateway = {
  url: string;
  /** To be set before the first request. */
  leadTo(upstreams: Upstreams): void;
  close(): Promise<void>;
};

/**
 * Stands between functions and AWS services. Functions' calls go through `onCall`; those of others pass.
 * @param speed how many times faster this process's clock goes than the world's
 * @param isElsewhere whether the stores are another program's, and go by the world's clock
 */
export async function startGateway(options: { onCall: OnCall; speed: number; isElsewhere: boolean }): Promise<Gateway> {
  const { onCall, speed, isElsewhere } = options;
  const forward = createForwarder(256);
  // Some emulators change one item in several threads at once, and lose updates, which DynamoDB does not: moto is one.
  const forwardItem = isElsewhere ? createForwarder(1) : forward;
  let upstreams: Upstreams | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { method = "", url = "", headers } = request;
    const target = headers["x-amz-target"];
    const call = readCall({ method, url, target: Array.isArray(target) ? target[0] : target, body });
    if (upstreams === undefined) throw new Error("The gateway does not lead anywhere yet.");
    const upstream = upstreamOf(call.call, upstreams);
    const slower = isElsewhere && call.call.startsWith("sqs.");
    const send: Send = (changed = body) =>
      (call.call.startsWith("dynamodb.") ? forwardItem : forward)(upstream, {
        method,
        url,
        headers,
        body: slower ? inWorldSeconds(changed, speed) : changed,
      });
    const caller = callerOf(headers["user-agent"]);
    const answer = caller === undefined ? await send() : await onCall(caller, call, send);
    if (answer === undefined || response.destroyed) response.destroy();
    else response.writeHead(answer.status, headersOf(answer, method)).end(answer.body);
  }

  const server = createServer((request, response) => {
    // A caller that was killed waits for nothing; a service that is gone has no answer.
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 120_000;
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The gateway listens on no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    leadTo(to) {
      upstreams = to;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function bodyOf(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => resolve(Buffer.concat(pieces)));
    request.on("error", reject);
  });
}

/**
 * The answer to HEAD has the length of a body that it does not bring. An answer is dated by this process's clock: by the
 * world's, the SDK would take its own to be wrong and every refusal for a consequence of that, and ask again.
 */
function headersOf({ headers, body }: Answer, method: string): Record<string, string | number> {
  const dated = { ...headers, date: new Date().toUTCString() };
  return method === "HEAD" ? dated : { ...dated, "content-length": body.length };
}

/** What the preload put into the SDK's user agent. */
function callerOf(userAgent: string | undefined): Caller | undefined {
  const [, name, pid] = /\bapp\/([a-z]+)-(\d+)/.exec(userAgent ?? "") ?? [];
  const role = roles.find((each) => each === name);
  return role === undefined ? undefined : { role, pid: Number(pid) };
}
