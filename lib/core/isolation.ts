import type { Policy } from "./configuration/document.ts";
import type { Lane } from "./lane.ts";

/** Whether a lane's function runs in the isolated network of a region's stack. */
export function isIsolated(lane: Lane, policy: Policy, region: string): boolean {
  return policy.network === "isolated" && lane.zone === "restricted" && outsideReason(lane, region) === undefined;
}

/**
 * Why a lane cannot run in the isolated network of a region's stack; undefined when it can. The network leads to the AWS
 * services of its own region and nowhere else.
 */
export function outsideReason({ provider, region, baseUrl }: Lane, stackRegion: string): string | undefined {
  if (provider !== "bedrock") return `it calls ${baseUrl ?? provider}, which is no AWS service`;
  if (region !== stackRegion) return `its models are called in ${region ?? "another region"}`;
  return undefined;
}
