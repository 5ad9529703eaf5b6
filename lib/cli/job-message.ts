import { parseMessage } from "../core/request.ts";

/** Bytes of the longest message that a queue takes. Source: Amazon SQS quotas, "Message size" (1 MiB since August 2025). */
export const maxMessageBytes = 1024 * 1024;

export type JobMessage =
  | { kind: "message"; id: string; body: string; group?: string }
  | { kind: "refused"; message: string };

/** The message for one line: a job message as it is, or an OpenAI batch line turned into one (`custom_id` becomes `id`). */
export function jobMessage(text: string): JobMessage {
  const body = fromBatchLine(text) ?? text;
  const parsed = parseMessage(body, "");
  if (parsed.kind === "invalid") return { kind: "refused", message: parsed.error.message };
  const bytes = Buffer.byteLength(body);
  if (bytes > maxMessageBytes)
    return {
      kind: "refused",
      message: `The job has ${bytes} bytes and a queue takes ${maxMessageBytes}; send it in a batch, with "npx switchyard submit".`,
    };
  const { tenant } = parsed.job.options;
  return { kind: "message", id: parsed.job.id, body, ...(tenant === undefined ? {} : { group: tenant }) };
}

function fromBatchLine(text: string): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Not JSON: parsing it as a message says so.
    return undefined;
  }
  if (typeof value !== "object" || value === null || !("custom_id" in value) || "id" in value) return undefined;
  const { custom_id: id, ...rest } = value;
  return JSON.stringify({ id, ...rest });
}
