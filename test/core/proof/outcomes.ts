import type { Decision } from "../../../lib/core/decision.ts";
import type { Tally } from "./tally.ts";

/** By the beginning of its reason, what made a job's class. */
const sources = [
  ["found", "what was found"],
  ["detection failed", "a failed detection"],
  ["the batch", "the batch"],
  ["tenant", "the tenant"],
  ["untagged", "untagged"],
  ["the job says", "the tag"],
] as const;

const rejections = [
  [/held until/, "a fact has ended"],
  [/^class \w+ requires/, "its class requires a fact"],
  [/is redacted before/, "it cannot be redacted"],
  [/^residency \w+ requires/, "its residency requires a fact"],
  [/does not allow region/, "region"],
  [/does not allow .* inference/, "inference profile"],
  [/allows nothing outside AWS/, "outside AWS"],
  [/does not support/, "capability"],
  [/tokens of context/, "context"],
  [/left out by its when/, "when"],
  [/is not in policy/, "gone"],
  [/in another place/, "in another place"],
  [/is restricted by now/, "restricted by now"],
  [/^Unknown|may not be processed/, "its class or residency is not what it was"],
] as const;

export function countDecision(decision: Decision, tally: Tally): void {
  tally.count("decisions");
  if (decision.kind === "denied") tally.count(`denied: ${decision.error.code}`);
  else {
    tally.count("routed");
    tally.count(`routed in ${decision.zone}${decision.residency === undefined ? "" : ", with a residency"}`);
    tally.count(`chain of ${decision.chain.length}`);
  }
  tally.count(`tier by ${decision.strategy ?? "nothing: refused before"}`);
  const { dataClassReason = "" } = decision;
  const source = sources.find(([start]) => dataClassReason.startsWith(start));
  tally.count(`class by ${source?.[1] ?? "nothing: refused before"}`);
  for (const { reason } of decision.rejected) tally.count(`rejected: ${sortOf(reason)}`);
}

/** What sort of reason a rejection has. */
export function sortOf(reason: string): string {
  const sort = rejections.find(([pattern]) => pattern.test(reason))?.[1];
  if (sort === undefined) throw new Error(`A reason of no known sort: ${reason}`);
  return sort;
}
