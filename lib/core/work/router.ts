import { capabilitiesOf } from "../eligibility.ts";
import { features } from "../features.ts";
import type { Compiled } from "./hop.ts";
import type { Router } from "./plan-chunk.ts";

/** Classify's view of a policy: a decision, and what the hops after it must know of the job. */
export function createRouter({ document, decider }: Compiled): Router {
  return {
    document,
    route(job, defaults) {
      const read = features(job.body);
      const { inputTokens, maxOutputTokens } = read;
      return {
        decision: decider.decide(job, defaults, read),
        needs: capabilitiesOf(read),
        inputTokens,
        maxOutputTokens,
      };
    },
  };
}
