import type { Denied, Routed } from "../core/decision.ts";
import type { JobError } from "../core/failure.ts";
import type { BatchDefaults } from "../core/job.ts";
import { parseLine } from "../core/request.ts";
import type { Router } from "../core/work/plan-chunk.ts";
import type { Sizes } from "../core/work/router.ts";
import type { RequestLine } from "./request-lines.ts";

/** A line as the stack would decide it, or why it would not run. */
export type RoutedLine =
  | ({ kind: "routed"; number: number; id: string; decision: Routed } & Pick<Sizes, "inputTokens" | "maxOutputTokens">)
  /** `decided`: what was decided before the refusal, where it came to that. */
  | { kind: "refused"; number: number; id: string | null; error: JobError; decided?: Denied };

/** Decides lines as they come, as the stack would; of several with one id the first counts. */
export async function* routeLines(
  lines: AsyncIterable<RequestLine>,
  router: Router,
  defaults: BatchDefaults,
): AsyncGenerator<RoutedLine> {
  const seen = new Set<string>();
  for await (const line of lines) yield await route(line, router, defaults, seen);
}

async function route(
  line: RequestLine,
  router: Router,
  defaults: BatchDefaults,
  seen: Set<string>,
): Promise<RoutedLine> {
  const { number } = line;
  const refused = (id: string | null, error: JobError) => ({ kind: "refused", number, id, error }) as const;
  if (line.kind === "unreadable") return refused(null, { code: "invalid-line", message: line.message });
  const parsed = parseLine(line.text, number);
  const id = parsed.kind === "job" ? parsed.job.id : (parsed.id ?? null);
  if (id !== null && seen.has(id)) {
    const message = "An earlier line has the same custom_id; only the first is run.";
    return refused(id, { code: "duplicate-id", message });
  }
  if (id !== null) seen.add(id);
  if (parsed.kind === "invalid") return refused(id, parsed.error);
  const { decision, inputTokens, maxOutputTokens } = await router.route(parsed.job, defaults);
  if (decision.kind === "denied") return { ...refused(id, decision.error), decided: decision };
  return { kind: "routed", number, id: parsed.job.id, decision, inputTokens, maxOutputTokens };
}
