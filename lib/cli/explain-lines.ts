import type { Rejection } from "../core/decision.ts";
import type { JobError } from "../core/failure.ts";
import type { BatchDefaults } from "../core/job.ts";
import type { Tier, TierOrder } from "../core/names.ts";
import { parseLine } from "../core/request.ts";
import type { Router } from "../core/work/plan-chunk.ts";
import type { RequestLine } from "./request-lines.ts";

/** What would become of one line: its route with the reason, or why it has none. */
export type Explained =
  | {
      id: string;
      complexity: Tier;
      tier: Tier;
      dataClass: string;
      dataClassReason: string | null;
      residency: string | null;
      strategy: string;
      reason: string;
      order: TierOrder;
      chain: string[];
      rejected: Rejection[];
    }
  | {
      id: string | null;
      error: JobError;
      /** What was decided before the refusal; null where it did not come to that. */
      dataClass: string | null;
      dataClassReason: string | null;
      rejected: Rejection[];
    };

/** Explains lines as they come, as the stack would decide them; of several with one id the first counts. */
export async function* explainLines(
  lines: AsyncIterable<RequestLine>,
  router: Router,
  defaults: BatchDefaults,
): AsyncGenerator<{ number: number; explained: Explained }> {
  const seen = new Set<string>();
  for await (const line of lines) yield { number: line.number, explained: await explain(line, router, defaults, seen) };
}

async function explain(
  line: RequestLine,
  router: Router,
  defaults: BatchDefaults,
  seen: Set<string>,
): Promise<Explained> {
  if (line.kind === "unreadable") return undecided(null, { code: "invalid-line", message: line.message });
  const parsed = parseLine(line.text, line.number);
  const id = parsed.kind === "job" ? parsed.job.id : (parsed.id ?? null);
  if (id !== null && seen.has(id))
    return undecided(id, {
      code: "duplicate-id",
      message: "An earlier line has the same custom_id; only the first is run.",
    });
  if (id !== null) seen.add(id);
  if (parsed.kind === "invalid") return undecided(id, parsed.error);
  const { decision } = await router.route(parsed.job, defaults);
  if (decision.kind === "denied") {
    const { error, dataClass = null, dataClassReason = null, rejected } = decision;
    return { id, error, dataClass, dataClassReason, rejected };
  }
  const {
    complexity,
    tier,
    dataClass,
    dataClassReason = null,
    residency,
    strategy,
    reason,
    order = "listed",
    chain,
    rejected,
  } = decision;
  return {
    id: parsed.job.id,
    complexity,
    tier,
    dataClass,
    dataClassReason,
    residency: residency ?? null,
    strategy,
    reason,
    order,
    chain,
    rejected,
  };
}

function undecided(id: string | null, error: JobError): Explained {
  return { id, error, dataClass: null, dataClassReason: null, rejected: [] };
}
