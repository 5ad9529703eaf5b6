import * as z from "zod";
import { apiCallOf, s3PathOf } from "../lib/local/emulators/api-call.ts";
import { batchEventOf, chunkEventOf } from "./named-update.ts";

/** An API call as it passes on its way. */
export type PassingCall = {
  /** `service.Operation`. */
  call: string;
  /** What it writes, in the protocol's words; undefined for one that only reads. */
  write: string | undefined;
  /** The parsed body of a JSON protocol. */
  body: unknown;
};

const Item = z.object({ pk: z.object({ S: z.string() }) });
const Update = z.object({
  Key: Item,
  ExpressionAttributeNames: z.record(z.string(), z.string()).default({}),
});
const Delete = z.object({ Key: Item });
const Send = z.object({ QueueUrl: z.string() });

/** Reads a request. `body` is its whole body. */
export function readCall(request: {
  method: string;
  url: string;
  target: string | undefined;
  body: Buffer;
}): PassingCall {
  const { method, url, target } = request;
  const json: unknown = target === undefined ? undefined : JSON.parse(request.body.toString("utf8"));
  // The query protocol is SNS's alone here.
  const action =
    target === undefined && url === "/" ? new URLSearchParams(request.body.toString()).get("Action") : null;
  const call = apiCallOf({ method, url, target, action: action ?? undefined, copies: false }) ?? "none";
  return { call, write: writeOf(call, url, json), body: json };
}

function writeOf(call: string, url: string, body: unknown): string | undefined {
  switch (call) {
    case "dynamodb.UpdateItem": {
      const { Key, ExpressionAttributeNames } = Update.parse(body);
      return updateName(Key.pk.S, new Set(Object.values(ExpressionAttributeNames)));
    }
    case "dynamodb.DeleteItem":
      return `remove ${kindOf(Delete.parse(body).Key.pk.S)}`;
    case "s3.PutObject":
    case "s3.CreateMultipartUpload":
    case "s3.UploadPart":
    case "s3.CompleteMultipartUpload":
      return objectName(s3PathOf(url).key);
    case "sqs.SendMessage":
    case "sqs.SendMessageBatch":
      return `send to ${queueKind(Send.parse(body).QueueUrl)}`;
    case "eventbridge.PutEvents":
      return "announce";
    case "sns.Publish":
      return "notify";
    default:
      return undefined;
  }
}

function updateName(pk: string, names: ReadonlySet<string>): string {
  const kind = kindOf(pk);
  if (kind === "chunk") return `chunk: ${chunkEventOf(names)}`;
  if (kind === "batch") return `batch: ${batchEventOf(names)}`;
  return `write ${kind}`;
}

/** `CHUNK#b-1/0` is of kind `chunk`. */
function kindOf(pk: string): string {
  return (pk.split("#")[0] ?? "").toLowerCase();
}

function objectName(key: string): string {
  const [prefix = ""] = key.split("/");
  if (key.endsWith("/chunks.jsonl")) return "put chunk index";
  if (key.startsWith("results/jobs/")) return "put reply";
  if (prefix === "results") return `put ${key.split("/").at(-1)}`;
  return `put ${prefix}`;
}

/** Queues of the stack by what they are for; any other is one that waits for replies. */
function queueKind(url: string): string {
  const [, name] = /\/switchyard-([^/]+)$/.exec(url) ?? [];
  if (name === undefined) return "reply";
  if (/-(general|restricted)-dead$/.test(name)) return "fallback";
  return /-(general|restricted)$/.test(name) ? "lane" : name;
}
