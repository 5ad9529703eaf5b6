import { dayMs } from "../day.ts";
import type { Policy } from "./document.ts";
import type { Report } from "./problem.ts";

/** How long before its end a fact is spoken of, days. */
const noticeDays = 30;

/** Warns of facts that end soon or have ended: from then on they satisfy nothing. */
export function checkFacts(policy: Policy, nowMs: number, warning: Report): void {
  for (const { name, facts, evidence = {} } of Object.values(policy.deployments))
    for (const [fact, { until, untilMs, by }] of Object.entries(evidence)) {
      if (untilMs === undefined) continue;
      const what = `${fact}: ${facts[fact]}${by === undefined ? "" : ` (${by})`}`;
      const days = Math.ceil((untilMs - nowMs) / dayMs);
      const at = ["deployments", name, "facts", fact];
      if (days <= 0) warning(at, `${what} held until ${until}; it satisfies nothing any more. Renew it or remove it.`);
      else if (days <= noticeDays)
        warning(at, `${what} holds until ${until}, ${days} more day${days === 1 ? "" : "s"}; renew it in time.`);
    }
}
