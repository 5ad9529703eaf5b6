import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import db from "dynalite/db/index.js";
import * as z from "zod";
import { callerOf, signerOf } from "../access/access-keys.ts";
import { type Caller, countCall, noUsage, type ServiceUsage } from "../usage.ts";
import { askForCapacity, consumedCapacity } from "./consumed-capacity.ts";
import { createDynamodbAuthorizer } from "./dynamodb-authorizer.ts";
import { type FromWorker, ToWorker, WorkerData } from "./dynamodb-messages.ts";

// dynalite in a thread of its own: it needs about 0.9 ms of processor for an update, which would otherwise stand in the
// way of SQS and S3. Every request passes through here, to be authorized where a function makes it, and to be counted.

const { path, place, setupAccessKeyId } = WorkerData.parse(workerData);
const dynaliteServer = dynalite({
  ...(path === undefined ? {} : { path }),
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
});
const [handle] = dynaliteServer.listeners("request");
if (handle === undefined || parentPort === null) throw new Error("dynalite has no request handler.");
const port = parentPort;
const post = (message: FromWorker): void => port.postMessage(message);
const authorizer = createDynamodbAuthorizer(place, post);

let counted: Partial<Record<Caller, ServiceUsage>> = {};
let scheduled = false;

function report(caller: Caller, operation: string, units: { writeUnits: number; readUnits: number }): void {
  const usage = counted[caller] ?? noUsage();
  counted[caller] = usage;
  countCall(usage, `dynamodb.${operation}`);
  usage.dynamodbWriteUnits += units.writeUnits;
  usage.dynamodbReadUnits += units.readUnits;
  if (scheduled) return;
  scheduled = true;
  setImmediate(() => {
    post({ kind: "usage", usage: counted });
    counted = {};
    scheduled = false;
  });
}

/** A refused condition costs a write of the item as it is; here one unit, or what the item that was to be put would have cost. */
function refusedWriteUnits(body: string): number {
  const item = z.object({ Item: z.unknown() }).safeParse(JSON.parse(body)).data?.Item;
  return item === undefined ? 1 : Math.ceil(db.itemSize(item) / 1024);
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const operation = String(request.headers["x-amz-target"] ?? "").split(".")[1] ?? "";
  const signer = signerOf({ headers: request.headers, url: request.url ?? "/" });
  const caller = callerOf(signer, setupAccessKeyId);
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", async () => {
    const body = Buffer.concat(pieces).toString("utf8");
    if (caller === "functions" && signer !== undefined) {
      const refusal = await authorizer.authorize(signer, operation, parsed(body));
      if (refusal !== undefined) {
        response.writeHead(refusal.status, refusal.headers).end(refusal.body);
        return;
      }
    }
    answer(request, response, { operation, body, caller });
  });
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { operation, body, caller }: { operation: string; body: string; caller: Caller | undefined },
): void {
  const replayed = Object.assign(Readable.from([Buffer.from(askForCapacity(operation, body))]), {
    headers: request.headers,
    method: request.method,
    url: request.url,
  });
  const end = response.end.bind(response);
  Object.assign(response, {
    end(reply?: unknown) {
      const text = typeof reply === "string" ? reply : "";
      const refused = response.statusCode === 400 && text.includes("ConditionalCheckFailed");
      const units = refused ? { writeUnits: refusedWriteUnits(body), readUnits: 0 } : consumedCapacity(operation, text);
      if (caller !== undefined) report(caller, operation, units);
      return end(text);
    },
  });
  Reflect.apply(handle ?? noHandler, dynaliteServer, [replayed, response]);
}

/** What is no JSON names no table; DynamoDB says what is wrong with it, to those who may ask at all. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

const noHandler: RequestListener = (_request, response) => {
  response.end();
};

const server = createServer(serve);
// Longer than clients keep a connection: a server that hangs up first makes them fail now and then.
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) post({ kind: "listening", port: address.port });
});

port.on("message", (message: unknown) => {
  const told = ToWorker.parse(message);
  if (told.kind === "authorized") return authorizer.answered(told);
  server.closeAllConnections();
  server.close(() => dynaliteServer.close(() => post({ kind: "closed" })));
});
