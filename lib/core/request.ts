import type * as z from "zod";
import { ChatBody } from "./chat.ts";
import { didYouMean } from "./configuration/nearest-name.ts";
import { parseDuration } from "./duration.ts";
import type { JobError } from "./failure.ts";
import { type Job, JobOptions } from "./job.ts";
import { deepestJson, isDeeperThan } from "./json-depth.ts";

export type ParsedLine =
  | { kind: "job"; job: Job }
  /** `id`: the line's `custom_id`, where it has a usable one. */
  | { kind: "invalid"; id?: string; error: JobError };

export type ParsedMessage =
  /** `replyTo`: the queue that its owner waits on; the configuration says which are allowed. */
  | { kind: "job"; job: Job; replyTo?: string }
  /** `id`: the message's own, where it has a usable one, else that of the queue. */
  | { kind: "invalid"; id: string; error: JobError };

const method = "POST";
const url = "/v1/chat/completions";
const lineKeys = ["custom_id", "method", "url", "body", "switchyard"];
const messageKeys = ["id", "custom_id", "body", "switchyard", "replyTo", "method", "url"];
const optionKeys = Object.keys(JobOptions.shape);
/** Source: OpenAI API reference, "The request input object", as its service enforces it. */
const longestId = 512;
const knownParts = ["text", "image_url", "refusal"];

/** Parses one line of a batch: an OpenAI batch request, and `switchyard`. `line` is its physical number. */
export function parseLine(text: string, line: number): ParsedLine {
  const read = readObject(text, "line");
  if (typeof read === "string") return invalid(read);
  const id = usableId(read.custom_id);
  const fault =
    unknownKey(read, lineKeys, "the line") ??
    (id === undefined ? `custom_id must be a string of 1 to ${longestId} characters.` : undefined) ??
    (read.method === method ? undefined : `method must be "${method}".`) ??
    (read.url === url ? undefined : `url must be "${url}"; other endpoints are not available.`);
  if (fault !== undefined || id === undefined) return invalid(fault ?? "", id);
  const request = parseRequest(read);
  if (typeof request === "string") return invalid(request, id);
  return { kind: "job", job: { id, line, ...request } };
}

/**
 * Parses one message of the jobs queue: `{id, body, switchyard?, replyTo?}`; a batch line is a job as it is, its
 * `custom_id` the id.
 * `line` is the job's place in its ad-hoc chunk.
 */
export function parseMessage(text: string, messageId: string, line = 0): ParsedMessage {
  const read = readObject(text, "message");
  if (typeof read === "string") return { ...invalid(read), id: messageId };
  const id = usableId(read.id ?? read.custom_id);
  const fault =
    unknownKey(read, messageKeys, "the message") ??
    (id === undefined ? `id must be a string of 1 to ${longestId} characters.` : undefined) ??
    (read.method === undefined || read.method === method ? undefined : `method must be "${method}".`) ??
    (read.url === undefined || read.url === url
      ? undefined
      : `url must be "${url}"; other endpoints are not available.`) ??
    (read.replyTo === undefined || isText(read.replyTo) ? undefined : "replyTo must be the name of a queue.");
  if (fault !== undefined || id === undefined) return { ...invalid(fault ?? ""), id: id ?? messageId };
  const request = parseRequest(read);
  if (typeof request === "string") return { ...invalid(request), id };
  const job = { id, line, ...request };
  return isText(read.replyTo) ? { kind: "job", job, replyTo: read.replyTo } : { kind: "job", job };
}

type Keys = Readonly<Record<string, unknown>>;

/** The object that a text is, or what is wrong with it. */
function readObject(text: string, what: "line" | "message"): Keys | string {
  let value: unknown;
  try {
    // A byte order mark is no white space to JSON.
    value = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    return `The ${what} is not JSON.`;
  }
  if (!isObject(value)) return `The ${what} must be a JSON object.`;
  return isDeeperThan(value, deepestJson) ? `The ${what} is nested deeper than ${deepestJson} levels.` : value;
}

/** Body and options of a request, or what is wrong with them. */
function parseRequest(read: Keys): Pick<Job, "body" | "options"> | string {
  if (!isObject(read.body)) return "body must be an object: a chat completion request.";
  const fault = bodyFault(read.body);
  if (fault !== undefined) return fault;
  const body = ChatBody.safeParse(read.body);
  if (!body.success) return issueOf(body.error, "body");
  const options = parseOptions(read.switchyard);
  return typeof options === "string" ? options : { body: body.data, options };
}

/** What our reading of a body alone would let pass, and a provider would not do as asked. */
function bodyFault(body: Keys): string | undefined {
  if (!Array.isArray(body.messages) || body.messages.length === 0)
    return "body.messages must list at least one message.";
  if (body.stream === true) return "body.stream must not be true: a batch has no stream.";
  if (body.n !== undefined && body.n !== null && body.n !== 1) return "body.n must be 1: a job has one answer.";
  if (body.switchyard !== undefined) return "switchyard belongs beside body, not in it.";
  for (const [index, message] of body.messages.entries()) {
    if (!isObject(message) || !Array.isArray(message.content)) continue;
    const other = message.content.findIndex((part) => !isObject(part) || !knownParts.includes(String(part.type)));
    if (other !== -1)
      return `body.messages[${index}].content[${other}] has a type that is not available; there are ${knownParts.join(", ")}.`;
  }
  return undefined;
}

function parseOptions(stated: unknown): JobOptions | string {
  if (stated === undefined || stated === null) return {};
  if (!isObject(stated)) return "switchyard must be an object.";
  const fault = unknownKey(stated, optionKeys, "switchyard");
  if (fault !== undefined) return fault;
  const options = JobOptions.safeParse(stated);
  if (!options.success) return issueOf(options.error, "switchyard");
  const { deadline } = options.data;
  if (deadline !== undefined && parseDuration(deadline) === undefined)
    return "switchyard.deadline must be a duration such as 30s, 15m, 24h or 7d.";
  return options.data;
}

function unknownKey(object: Keys, allowed: readonly string[], what: string): string | undefined {
  const unknown = Object.keys(object).find((key) => !allowed.includes(key));
  if (unknown === undefined) return undefined;
  const shown = unknown.length > 40 ? `${unknown.slice(0, 40)}…` : unknown;
  return `Unknown key "${shown}" in ${what}${didYouMean(unknown, allowed)}; allowed: ${allowed.join(", ")}.`;
}

/** The first fault that a schema found: its place and what it expected, never what it met. */
function issueOf(error: z.ZodError, root: string): string {
  const issue = error.issues[0];
  if (issue === undefined) return `${root} is not valid.`;
  const place = issue.path.reduce<string>(
    // A tag's key is the user's own text.
    (path, part) =>
      typeof part === "number" ? `${path}[${part}]` : path.endsWith(".tags") ? path : `${path}.${String(part)}`,
    root,
  );
  return `${place}: ${issue.message.replace(/^Invalid (input|option): /, "")}.`;
}

function usableId(value: unknown): string | undefined {
  return isText(value) && value.length <= longestId ? value : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isObject(value: unknown): value is Keys {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(message: string, id?: string): { kind: "invalid"; id?: string; error: JobError } {
  return { kind: "invalid", ...(id !== undefined && { id }), error: { code: "invalid-line", message } };
}
