import type { Deployment } from "./configuration/document.ts";

/** Whether the configuration states that a deployment runs in the owner's own network. */
export function isOnPremises({ facts }: Pick<Deployment, "facts">): boolean {
  return facts.onPremises === true;
}

/**
 * Whether a call of a deployment leaves AWS and the owner's own network. A server on loopback is external unless it is
 * stated to be on-premises: it may be a gateway that passes the call on. So is one of which that held until now.
 * @param nowMs Unix milliseconds
 */
export function isExternal(
  { region, facts, evidence }: Pick<Deployment, "region" | "facts" | "evidence">,
  nowMs: number,
): boolean {
  const untilMs = evidence?.onPremises?.untilMs ?? Number.POSITIVE_INFINITY;
  return region === undefined && !(isOnPremises({ facts }) && nowMs < untilMs);
}
