import { parseMessage } from "../request.ts";
import type { ParsedLine } from "./plan-chunk.ts";

/**
 * One queued job as a line of its ad-hoc chunk. A `replyTo` that the configuration does not list is an error: results go
 * only where they are allowed to.
 * @param replyQueues what is listed; `any` for a job that was accepted before
 */
export function parseSingle(
  text: string,
  line: number,
  messageId: string,
  replyQueues: readonly string[] | "any",
  tenant?: string,
): ParsedLine {
  const parsed = parseMessage(text, messageId, line);
  if (parsed.kind === "invalid") return { ...parsed, line };
  const { job } = parsed;
  const whose = tenant === undefined ? {} : { tenant };
  if (parsed.replyTo === undefined) return { kind: "job", job, ...whose };
  const queue = parsed.replyTo.split("/").at(-1) ?? "";
  if (replyQueues === "any" || replyQueues.includes(queue)) return { kind: "job", job, replyTo: queue, ...whose };
  const allowed = replyQueues.length === 0 ? "none is listed" : replyQueues.join(", ");
  const message = `replyTo names a queue that the configuration does not list under replyQueues (${allowed}).`;
  return { kind: "invalid", line, id: job.id, error: { code: "invalid-line", message } };
}
