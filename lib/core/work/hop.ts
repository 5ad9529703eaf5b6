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
  /** How long an answer to a job of a class may be given again: under both versions, the shorter time; undefined for not at all. */
  cacheSeconds: (dataClass: string) => number | undefined;
  /** The versions that were asked: the plan's, and each other that was current meanwhile. */
  readonly versions: readonly string[];
};

/**
 * A hop requires eligibility under both versions: a newer policy can take a deployment away, never add one. A name that
 * stands for another place by now is another deployment: what the newer policy states of it says nothing of the old one.
 * @param current asked before every call: an invocation outlasts what was current at its start
 */
export function createHop(planned: Compiled, current: () => Compiled, zone: Zone, clock: Clock): Hop {
  const asked = new Set([planned.document.version]);
  const both = (): Compiled[] => {
    const now = current();
    asked.add(now.document.version);
    return now.document.version === planned.document.version ? [planned] : [planned, now];
  };
  both();
  return {
    policy: planned.document.policy,
    deployments: planned.document.policy.deployments,
    forbidden(route, deployment) {
      const versions = both();
      for (const { decider } of versions) {
        const reason = decider.reEligible({ ...route, zone }, deployment, clock());
        if (reason !== undefined) return reason;
      }
      const places = new Set(versions.map(({ document }) => placeOf(document.policy.deployments[deployment])));
      return places.size === 1 ? undefined : `is in another place in policy ${versions.at(-1)?.document.version}`;
    },
    redacts(dataClass, deployment) {
      const policies = both().map(({ document }) => document.policy);
      const isRedacted = policies.some(({ dataClasses }) =>
        dataClasses.some(({ name, redact }) => name === dataClass && redact === true),
      );
      if (!isRedacted) return false;
      const stated = policies.map(({ deployments }) => deployments[deployment.name]);
      return [deployment, ...stated].some((one) => one !== undefined && isExternal(one, clock()));
    },
    cacheSeconds(dataClass) {
      const seconds = both().map(({ document: { policy } }) =>
        policy.cache?.classes.includes(dataClass) === true ? policy.cache.ttlSeconds : 0,
      );
      const shortest = Math.min(...seconds);
      return shortest > 0 ? shortest : undefined;
    },
    get versions() {
      return [...asked];
    },
  };
}

/** Where the calls of a deployment go and are processed. */
function placeOf(deployment: Deployment | undefined): string {
  const { provider, region, inferenceProfile, baseUrl } = deployment ?? {};
  return JSON.stringify([provider, region, inferenceProfile, baseUrl]);
}
