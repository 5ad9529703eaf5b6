import { laneName, lanePlace } from "../lane.ts";
import type { Deployment } from "./document.ts";
import type { Report } from "./problem.ts";

/** Checks that no two deployments are one thing under two names, and that different lanes have different names. */
export function checkCollisions(deployments: readonly Deployment[], report: Report): void {
  const targets = new Map<string, string>();
  const lanes = new Map<string, Deployment>();
  for (const deployment of deployments) {
    const at = ["deployments", deployment.name];
    const target = `${lanePlace(deployment)}\n${deployment.model}`;
    const same = targets.get(target);
    if (same !== undefined)
      report(at, `${deployment.name} and ${same} are the same model in the same place; keep one of them.`);
    targets.set(target, deployment.name);

    const lane = laneName(deployment, "restricted");
    const other = lanes.get(lane);
    if (other !== undefined && lanePlace(other) !== lanePlace(deployment))
      report(
        at,
        `the lanes of ${deployment.name} and ${other.name} would both be called ${lane}; give one of them a secret with another name, or both the same base URL.`,
      );
    lanes.set(lane, deployment);
  }
}
