import type { Rejection } from "../core/decision.ts";
import type { JobError } from "../core/failure.ts";
import type { Tier, TierOrder } from "../core/names.ts";
import type { RoutedLine } from "./route-lines.ts";

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

/** Explains one line as the stack would decide it. */
export function explainLine(line: RoutedLine): Explained {
  if (line.kind === "refused") {
    const { dataClass = null, dataClassReason = null, rejected = [] } = line.decided ?? {};
    return { id: line.id, error: line.error, dataClass, dataClassReason, rejected };
  }
  const { decision } = line;
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
    id: line.id,
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
