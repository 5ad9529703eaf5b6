import { endOfDay } from "../day.ts";
import type { Deployment, Evidence } from "./document.ts";
import type { DeploymentInput } from "./schema.ts";

/** The values of a deployment's facts, and apart from them who answers for each and until when. */
export function compileFacts(stated: DeploymentInput["facts"]): Pick<Deployment, "facts" | "evidence"> {
  const facts: Deployment["facts"] = {};
  const evidence: Record<string, Evidence> = {};
  for (const [name, { value, by, until, note }] of Object.entries(stated)) {
    facts[name] = value;
    const untilMs = until === undefined ? undefined : endOfDay(until);
    if (by === undefined && until === undefined && note === undefined) continue;
    evidence[name] = {
      ...(by !== undefined && { by }),
      ...(until !== undefined && { until }),
      ...(untilMs !== undefined && { untilMs }),
      ...(note !== undefined && { note }),
    };
  }
  return Object.keys(evidence).length === 0 ? { facts } : { facts, evidence };
}
