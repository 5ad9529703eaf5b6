import type { Deployment, Policy, PolicyDocument } from "../configuration/document.ts";
import { homeOutside, ineligible } from "../eligibility.ts";
import type { PayloadJob, PayloadRoute } from "../protocol/payload.ts";

/** What a hop must know of a job to ask the policy about it. */
type Asked = Pick<PayloadRoute, "dataClass" | "residency" | "needs">;
type Size = Pick<PayloadJob, "inputTokens" | "maxOutputTokens">;

/** What holds for jobs of one policy version on a hop. */
export type Hop = {
  /** As the jobs were planned: chains, prices and limits. */
  policy: Policy;
  deployments: Readonly<Record<string, Deployment>>;
  /** Why policy forbids a deployment for a job, under the version it was planned with or the current one. */
  forbidden: (route: Asked, job: Size, deployment: string) => string | undefined;
};

/** A hop requires eligibility under both versions: a newer policy can take a deployment away, never add one. */
export function createHop(planned: PolicyDocument, current: PolicyDocument, homeRegion: string): Hop {
  return {
    policy: planned.policy,
    deployments: planned.policy.deployments,
    forbidden: (route, job, deployment) =>
      forbiddenUnder(planned, homeRegion, route, job, deployment) ??
      (current.version === planned.version ? undefined : forbiddenUnder(current, homeRegion, route, job, deployment)),
  };
}

/** Anything the version does not know is forbidden under it. */
function forbiddenUnder(
  { version, policy }: PolicyDocument,
  homeRegion: string,
  route: Asked,
  job: Size,
  name: string,
): string | undefined {
  const deployment = policy.deployments[name];
  if (deployment === undefined) return `is not in policy ${version}`;
  const dataClass = policy.dataClasses.find((candidate) => candidate.name === route.dataClass);
  if (dataClass === undefined) return `data class ${route.dataClass} is not in policy ${version}`;
  const rule = route.residency === undefined ? undefined : policy.residencies[route.residency];
  if (route.residency !== undefined && rule === undefined)
    return `residency ${route.residency} is not in policy ${version}`;
  if (route.residency !== undefined && rule !== undefined) {
    const outside = homeOutside(route.residency, rule, homeRegion, policy);
    if (outside !== undefined) return outside;
  }
  const residency = route.residency === undefined || rule === undefined ? undefined : { name: route.residency, rule };
  const needs = { capabilities: route.needs, contextTokens: job.inputTokens + job.maxOutputTokens };
  return ineligible(deployment, { dataClass, residency, needs })?.reason;
}
