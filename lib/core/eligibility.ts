import type { Capability, DataClass, Deployment, Facts, Policy, Residency } from "./configuration/document.ts";
import type { Rejection } from "./decision.ts";
import { isExternal } from "./external.ts";
import type { Features } from "./features.ts";

/** What a job needs of a deployment, beyond being allowed to be seen by it. */
export type Needs = {
  capabilities: readonly Capability[];
  /** Estimated tokens of the input and the longest answer that the caller allows. @default 0 */
  contextTokens?: number;
};

/** Everything that decides where one job may go: hard limits, never preferences. */
export type Limits = {
  dataClass: DataClass;
  residency: { name: string; rule: Residency } | undefined;
  needs: Needs;
  /** Unix milliseconds: a fact that has ended satisfies nothing. */
  nowMs: number;
  /** Whether all personal data in the job's texts is known, so that it can be replaced. */
  redactable: boolean;
};

/** Why a deployment may not see a job. `context`: it may, but the job is too long for it. */
export type Ineligible = { kind: "policy" | "capability" | "context"; reason: string };

/** The capabilities that a request needs. An answer in JSON needs a provider that can be held to it. */
export function capabilitiesOf(features: Pick<Features, "hasTools" | "hasImages" | "responseFormat">): Capability[] {
  const capabilities: Capability[] = [];
  if (features.hasTools) capabilities.push("tools");
  if (features.responseFormat !== "text") capabilities.push("json-schema");
  if (features.hasImages) capabilities.push("images");
  return capabilities;
}

/**
 * Why a deployment may not see a job; undefined when it may. Asked at classification and again on every hop. The reasons
 * hold nothing of the job but what it asks for: there are few different ones.
 */
export function ineligible(deployment: Deployment, limits: Limits): Ineligible | undefined {
  const { dataClass, residency, needs, nowMs } = limits;
  const missing = missingFact(dataClass.require, deployment, nowMs);
  if (missing !== undefined) return { kind: "policy", reason: `class ${dataClass.name} requires ${missing}` };
  const abroad = residency === undefined ? undefined : outside(residency.rule, deployment, nowMs);
  if (abroad !== undefined) return { kind: "policy", reason: `residency ${residency?.name} ${abroad}` };
  if (dataClass.redact === true && isExternal(deployment, nowMs)) {
    const unreadable = limits.redactable
      ? needs.capabilities.includes("images") && "images"
      : "what was not looked through";
    if (unreadable !== false)
      return {
        kind: "policy",
        reason: `class ${dataClass.name} is redacted before external calls, and ${unreadable} cannot be`,
      };
  }
  const lacking = needs.capabilities.find((capability) => !deployment.supports.includes(capability));
  if (lacking !== undefined) return { kind: "capability", reason: `does not support ${lacking}` };
  if ((needs.contextTokens ?? 0) > deployment.contextTokens)
    return { kind: "context", reason: `the job needs more than its ${deployment.contextTokens} tokens of context` };
  return undefined;
}

/**
 * The first required fact that does not hold, as `dpa: true`. A fact that is not stated satisfies nothing, nor does one
 * that has ended by `nowMs`; without `nowMs` none has.
 */
export function missingFact(
  required: Facts,
  { facts, evidence }: Pick<Deployment, "facts" | "evidence">,
  nowMs = 0,
): string | undefined {
  for (const name in required) {
    const wanted = `${name}: ${required[name]}`;
    if (!Object.hasOwn(facts, name) || facts[name] !== required[name]) return wanted;
    const proof = evidence?.[name];
    if (proof?.untilMs !== undefined && proof.untilMs <= nowMs) return `${wanted}, which held until ${proof.until}`;
  }
  return undefined;
}

/** Why no job with this residency may be taken in at a stack; undefined when it may. */
export function homeOutside(
  name: string,
  residency: Residency,
  homeRegion: string,
  policy: Policy,
): string | undefined {
  if (residency.regions.includes(homeRegion)) return undefined;
  const homes = policy.regions.filter((region) => residency.regions.includes(region));
  const advice =
    homes.length === 0 ? "no stack of this configuration may take it" : `send it to the stack in ${homes.join(" or ")}`;
  return `Residency ${name} may not be processed in ${homeRegion}; ${advice}.`;
}

/** Which of some deployments may see a job, in their order, and why the others may not. */
export function eligibility(
  deployments: Iterable<Deployment>,
  limits: Limits,
): { eligible: string[]; rejected: Rejection[] } {
  const eligible: string[] = [];
  const rejected: Rejection[] = [];
  for (const deployment of deployments) {
    const fault = ineligible(deployment, limits);
    if (fault === undefined) eligible.push(deployment.name);
    else rejected.push({ deployment: deployment.name, reason: fault.reason });
  }
  return { eligible, rejected };
}

/** Why a deployment is outside a residency. In AWS, region and inference profile say where it is; elsewhere, its facts. */
function outside(residency: Residency, deployment: Deployment, nowMs: number): string | undefined {
  if (deployment.region === undefined) {
    if (Object.keys(residency.facts).length === 0) return "allows nothing outside AWS";
    const missing = missingFact(residency.facts, deployment, nowMs);
    return missing === undefined ? undefined : `requires ${missing}`;
  }
  if (!residency.regions.includes(deployment.region)) return `does not allow region ${deployment.region}`;
  const profile = deployment.inferenceProfile ?? "global";
  // A listed profile covers its destinations; `global` has none that could be listed.
  if (profile === "global") return "does not allow global inference";
  return residency.inferenceProfiles.includes(profile) ? undefined : `does not allow ${profile} inference`;
}
