import type { Deployment } from "./configuration/document.ts";

/**
 * Whether the configuration states that a deployment runs in the owner's own network. One of which that held until now
 * does not.
 * @param nowMs Unix milliseconds; without it no fact has ended
 */
export function isOnPremises({ facts, evidence }: Pick<Deployment, "facts" | "evidence">, nowMs = 0): boolean {
  return facts.onPremises === true && nowMs < (evidence?.onPremises?.untilMs ?? Number.POSITIVE_INFINITY);
}

/**
 * Whether a call of a deployment leaves AWS and the owner's own network. A server on loopback is external unless it is
 * stated to be on-premises: it may be a gateway that passes the call on.
 * @param nowMs Unix milliseconds
 */
export function isExternal(deployment: Pick<Deployment, "region" | "facts" | "evidence">, nowMs: number): boolean {
  return deployment.region === undefined && !isOnPremises(deployment, nowMs);
}
