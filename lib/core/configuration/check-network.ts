import { outsideReason } from "../isolation.ts";
import { lanesOf } from "../lane.ts";
import type { Policy } from "./document.ts";
import { isolatedRegions } from "./isolated-regions.ts";
import type { Report } from "./problem.ts";

/**
 * Checks `network: isolated`. An error: a region whose network cannot be built. A warning: a restricted lane that stays
 * outside, and that there is no restricted lane at all.
 */
export function checkNetwork(policy: Policy, error: Report, warning: Report): void {
  if (policy.network !== "isolated") return;
  for (const region of policy.regions)
    if (!Object.hasOwn(isolatedRegions, region))
      error(
        ["network"],
        `how to build an isolated network in ${region} is not known; it is for ${Object.keys(isolatedRegions).join(", ")}. Say open, or add the region to lib/core/configuration/isolated-regions.ts.`,
      );
  const restricted = lanesOf(policy).filter(({ zone }) => zone === "restricted");
  if (restricted.length === 0)
    warning(["network"], "there is no restricted lane: nothing runs in an isolated network.");
  for (const region of policy.regions)
    for (const lane of restricted) {
      const reason = outsideReason(lane, region);
      if (reason !== undefined)
        warning(
          ["network"],
          `in the stack of ${region}, the lane ${lane.name} runs outside the isolated network: ${reason}.`,
        );
    }
}
