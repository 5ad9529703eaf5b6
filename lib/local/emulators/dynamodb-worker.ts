import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";
import db from "dynalite/db/index.js";
import * as z from "zod";
import { type Caller, callerOf, countCall, noUsage, type ServiceUsage } from "../usage.ts";
import { askForCapacity, consumedCapacity } from "./consumed-capacity.ts";

// dynalite in a thread of its own: it needs about 0.9 ms of processor for an update, which would otherwise stand in the
// way of SQS and S3. Every request passes through here to be counted.

const { path } = z.object({ path: z.string().optional() }).parse(workerData);
const dynaliteServer = dynalite({
  ...(path === undefined ? {} : { path }),
  createTableMs: 0,
  deleteTableMs: 0,
  updateTableMs: 0,
});
const [handle] = dynaliteServer.listeners("request");
if (handle === undefined || parentPort === null) throw new Error("dynalite has no request handler.");
const port = parentPort;

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
    port.postMessage({ kind: "usage", usage: counted });
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
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const body = Buffer.concat(pieces).toString("utf8");
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
        const units = refused
          ? { writeUnits: refusedWriteUnits(body), readUnits: 0 }
          : consumedCapacity(operation, text);
        const caller = callerOf(request.headers.authorization);
        if (caller !== undefined) report(caller, operation, units);
        return end(text);
      },
    });
    Reflect.apply(handle ?? noHandler, dynaliteServer, [replayed, response]);
  });
}

const noHandler: RequestListener = (_request, response) => {
  response.end();
};

const server = createServer(serve);
// Longer than clients keep a connection: a server that hangs up first makes them fail now and then.
server.keepAliveTimeout = 120_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) port.postMessage({ kind: "listening", port: address.port });
});

port.on("message", () => {
  server.closeAllConnections();
  server.close(() => dynaliteServer.close(() => port.postMessage({ kind: "closed" })));
});
