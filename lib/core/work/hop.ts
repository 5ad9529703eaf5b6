import type { Deployment, Policy, PolicyDocument } from "../configuration/document.ts";
import type { Decider } from "../decide.ts";
import { isExternal } from "../external.ts";
import type { Zone } from "../names.ts";
import type { Clock } from "../ports.ts";
import type { PayloadRoute } from "../protocol/payload.ts";

/** A policy version with its decider, compiled once. */
export type Compiled = { document: PolicyDocument; decider: Decider };

/** What holds on a hop for jobs that were planned under one policy version. */
export type Hop = {
  /** As the jobs were planned: chains, prices and limits. */
  policy: Policy;
  deployments: Readonly<Record<string, Deployment>>;
  /** Why policy forbids a deployment for a job, under the version it was planned with or the current one. */
  forbidden: (
    route: Pick<PayloadRoute, "dataClass" | "residency" | "needs" | "redactable">,
    deployment: string,
  ) => string | undefined;
  /** Whether personal data is replaced before this call: if either version asks it, and either says that the call is external. */
  redacts: (dataClass: string, deployment: Deployment) => boolean;
  /** The versions that are asked: the plan's, and the current one where it is another. */
  versions: readonly string[];
};

/**
 * A hop requires eligibility under both versions: a newer policy can take a deployment away, never add one. A name that
 * stands for another place by now is another deployment: what the newer policy states of it says nothing of the old one.
 */
export function createHop(planned: Compiled, current: Compiled, zone: Zone, clock: Clock): Hop {
  const versions = current.document.version === planned.document.version ? [planned] : [planned, current];
  const redacted = new Set(
    versions.flatMap(({ document }) =>
      document.policy.dataClasses.flatMap(({ name, redact }) => (redact === true ? [name] : [])),
    ),
  );
  return {
    policy: planned.document.policy,
    deployments: planned.document.policy.deployments,
    forbidden(route, deployment) {
      for (const { decider } of versions) {
        const reason = decider.reEligible({ ...route, zone }, deployment, clock());
        if (reason !== undefined) return reason;
      }
      const places = new Set(versions.map(({ document }) => placeOf(document.policy.deployments[deployment])));
      return places.size === 1 ? undefined : `is in another place in policy ${current.document.version}`;
    },
    redacts(dataClass, deployment) {
      if (!redacted.has(dataClass)) return false;
      const stated = versions.map(({ document }) => document.policy.deployments[deployment.name]);
      return [deployment, ...stated].some((one) => one !== undefined && isExternal(one, clock()));
    },
    versions: versions.map(({ document }) => document.version),
  };
}

/** Where the calls of a deployment go and are processed. */
function placeOf(deployment: Deployment | undefined): string {
  const { provider, region, inferenceProfile, baseUrl } = deployment ?? {};
  return JSON.stringify([provider, region, inferenceProfile, baseUrl]);
}
