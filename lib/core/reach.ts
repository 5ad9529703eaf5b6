import { parseBaseUrl } from "./configuration/base-url.ts";
import type { Deployment } from "./configuration/document.ts";
import { isOnPremises } from "./external.ts";
import type { IpRange } from "./ip-range.ts";

/** Which networks the connections of a deployment may lead into. */
export type Reach = "internet" | "aws" | "on-premises" | "this-machine";

const ranges: Readonly<Record<Reach, readonly IpRange[]>> = {
  internet: ["public"],
  // An interface endpoint answers at an address of its VPC, which may be private; never at one of the machine's own.
  aws: ["public", "private"],
  "on-premises": ["public", "private", "loopback", "link-local"],
  "this-machine": ["loopback"],
};

/** Whether connections of this reach may go to addresses of a range. */
export function mayReach(reach: Reach, range: IpRange): boolean {
  return ranges[reach].includes(range);
}

/**
 * The reach of a deployment by what its configuration states of it.
 * @param nowMs Unix milliseconds; without it no fact has ended
 */
export function reachOf(deployment: Pick<Deployment, "region" | "baseUrl" | "facts" | "evidence">, nowMs = 0): Reach {
  if (deployment.region !== undefined) return "aws";
  const parsed = parseBaseUrl(deployment.baseUrl ?? "");
  if (parsed.kind === "accepted" && parsed.loopback) return "this-machine";
  return isOnPremises(deployment, nowMs) ? "on-premises" : "internet";
}
