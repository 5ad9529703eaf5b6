import type { Capability } from "../configuration/document.ts";
import type { Detect, Detection } from "../detect/detection.ts";
import { capabilitiesOf } from "../eligibility.ts";
import { type Features, features } from "../features.ts";
import type { LatencyOf } from "../order.ts";
import type { Clock } from "../ports.ts";
import type { Compiled } from "./hop.ts";
import type { Router } from "./plan-chunk.ts";

/** What the hops must know of a job besides its decision. */
export type Sizes = { needs: Capability[]; inputTokens: number; maxOutputTokens: number };

/**
 * Classify's view of a policy: what is found in a job, the decision, and its sizes. Throws without the `detect` of a
 * policy that has jobs looked through: to look for nothing would leave them less sensitive than they are.
 * @param latencyMs for tiers in the order `fastest`. @default nothing was measured
 */
export function createRouter(
  { document, decider }: Compiled,
  clock: Clock,
  detect?: Detect,
  latencyMs: LatencyOf = () => undefined,
): Router {
  if (document.policy.detect !== undefined && detect === undefined)
    throw new Error(`The policy ${document.version} has jobs looked through for personal data, and nothing does.`);
  return {
    document,
    route(job, defaults) {
      const read = features(job.body);
      const decided = (detection: Detection | undefined) => ({
        decision: decider.decide(job, defaults, { nowMs: clock(), read, detection, latencyMs }),
        found: detection?.kind === "found" ? detection.parts : [],
        ...sizesOf(read),
      });
      const detection = detect?.(job.body, (found) => !decider.isSettled(job, defaults, found));
      return detection instanceof Promise ? detection.then(decided) : decided(detection);
    },
  };
}

export function sizesOf(read: Features): Sizes {
  return { needs: capabilitiesOf(read), inputTokens: read.inputTokens, maxOutputTokens: read.maxOutputTokens };
}
