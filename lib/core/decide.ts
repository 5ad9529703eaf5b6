import type { Capability, Deployment, PolicyDocument, TierEntry } from "./configuration/document.ts";
import { mostCostNanoUsd, nanoUsdOf } from "./cost-limit.ts";
import type { Decision, Denied, Rejection } from "./decision.ts";
import type { Detection } from "./detect/detection.ts";
import { capabilitiesOf, ineligible, type Limits } from "./eligibility.ts";
import type { JobError } from "./failure.ts";
import { type Features, features } from "./features.ts";
import type { BatchDefaults, Job } from "./job.ts";
import { type Tier, tiers, type Zone } from "./names.ts";
import { inOrder, type LatencyOf, type OrderedJob } from "./order.ts";
import { conditionOf, createRouter, unevaluated } from "./route.ts";
import { type Condition, type ConditionValues, conditionValues } from "./rules.ts";
import { createFindSensitivity } from "./sensitivity.ts";
import { complexityOf } from "./strategies/complexity.ts";

/** What a hop still knows of a job's decision. */
type HopContext = {
  dataClass: string;
  residency?: string | undefined;
  needs: readonly Capability[];
  /** The zone that the job's bytes are in. */
  zone: Zone;
  /** All personal data in its texts is known. @default false */
  redactable?: boolean | undefined;
};

/** What a decision rests on besides the job and its batch. */
type Circumstances = {
  /** Unix milliseconds. */
  nowMs: number;
  /** The job's features, where the caller has them already. */
  read?: Features;
  /** What was found in its texts; undefined where nothing was looked for. */
  detection?: Detection | undefined;
  /** What was measured, for tiers in the order `fastest`. */
  latencyMs?: LatencyOf;
};

export type Decider = {
  /** Where a job goes and why. Deterministic: the same job, batch and circumstances give the same decision. */
  decide(job: Job, defaults: BatchDefaults, circumstances: Circumstances): Decision;
  /**
   * Whether nothing more that is found in a job changes where it goes or what is replaced in it: it is refused anyway, as
   * where its residency excludes this region, or is of the most sensitive class already.
   */
  isSettled(job: Job, defaults: BatchDefaults, detection: Detection): boolean;
  /** Why a job that was routed before may not be seen by a deployment under this policy; undefined when it may. */
  reEligible(context: HopContext, deploymentName: string, nowMs: number): string | undefined;
};

type Entry = { deployment: Deployment; weight: number; when: string | undefined; condition: Condition | undefined };

/** Decides under one policy for the stack of one region. Compiles every condition once; throws on a policy that `compile` would refuse. */
export function createDecider({ version, policy }: PolicyDocument, homeRegion: string): Decider {
  const deployments = new Map(Object.entries(policy.deployments));
  const findSensitivity = createFindSensitivity(policy, homeRegion);
  const routeOf = createRouter(policy);
  const chains = new Map(tiers.map((tier) => [tier, policy.tiers[tier].map(entryOf)]));

  return { decide, isSettled, reEligible };

  function isSettled(job: Job, defaults: BatchDefaults, detection: Detection): boolean {
    const found = findSensitivity(job.options, defaults, detection);
    if (found.kind === "refused") return true;
    return found.dataClass.redact !== true && found.dataClass.name === policy.dataClasses.at(-1)?.name;
  }

  function decide(job: Job, defaults: BatchDefaults, circumstances: Circumstances): Decision {
    const { nowMs, detection, read = features(job.body), latencyMs = () => undefined } = circumstances;
    const complexity = complexityOf(read);
    const looked: Pick<Denied, "detection"> = detection === undefined ? {} : { detection: stateOf(detection) };
    const found = findSensitivity(job.options, defaults, detection);
    if (found.kind === "refused") {
      const { kind: _, error, ...known } = found;
      return denied(error, { complexity: complexity.tier, ...known, ...looked });
    }
    const { dataClass, dataClassReason, residency } = found;
    const about = {
      complexity: complexity.tier,
      dataClass: dataClass.name,
      dataClassReason,
      ...looked,
      ...(residency !== undefined && { residency: residency.name }),
    };
    let made: ConditionValues | undefined;
    const values = () => {
      made ??= conditionValues({
        ...read,
        complexity: complexity.tier,
        dataClass: dataClass.name,
        residency: residency?.name ?? "",
        tenant: job.options.tenant ?? defaults.tenant ?? "",
        priority: job.options.priority ?? "",
        tags: job.options.tags ?? {},
      });
      return made;
    };
    const route = routeOf({ features: read, complexity, tier: job.options.tier, model: job.body.model, values });
    if (route.kind === "refused") return denied(route.error, about);

    const { tier, strategy, reason, head } = route;
    const limits = {
      dataClass,
      residency,
      needs: { capabilities: capabilitiesOf(read), contextTokens: read.inputTokens + read.maxOutputTokens },
      nowMs,
      redactable: looked.detection === "done",
    };
    const { inputTokens, maxOutputTokens } = read;
    const { maxCostUsd } = job.options;
    const ordered = {
      id: job.id,
      inputTokens,
      maxOutputTokens,
      latencyMs,
      ...(maxCostUsd === undefined ? {} : { maxCostNanoUsd: nanoUsdOf(maxCostUsd) }),
    };
    const chain = chainOf(tier, head, limits, values, ordered);
    const decided = { ...about, tier, strategy, reason, rejected: chain.rejected };
    if (chain.error !== undefined) return denied(chain.error, decided);
    const order = policy.orders?.[tier];
    return {
      kind: "routed",
      zone: dataClass.zone,
      chain: chain.names,
      ...decided,
      ...(order === undefined ? {} : { order }),
    };
  }

  /** A tier's deployments in its order, less those that may not see the job, and those whose `when` leaves them out. */
  function chainOf(
    tier: Tier,
    head: string | undefined,
    limits: Limits,
    values: () => ConditionValues,
    job: OrderedJob & { maxCostNanoUsd?: number },
  ): { names: string[]; rejected: Rejection[]; error?: JobError } {
    const taken: Entry[] = [];
    const rejected: Rejection[] = [];
    let tooShort = 0;
    let tooDear = 0;
    for (const entry of chains.get(tier) ?? []) {
      const { deployment, when, condition } = entry;
      const { name } = deployment;
      const fault = ineligible(deployment, limits);
      if (fault !== undefined) {
        if (fault.kind === "context") tooShort += 1;
        rejected.push({ deployment: name, reason: fault.reason });
        continue;
      }
      // Who names a deployment wants it whatever its `when` says of others.
      const wanted = condition === undefined || name === head ? true : condition(values());
      if (wanted === undefined) return { names: [], rejected, error: unevaluated(`when of ${name} in ${tier}`) };
      if (!wanted) rejected.push({ deployment: name, reason: `left out by its when: ${when}` });
      else if (mostCostNanoUsd(job, deployment) > (job.maxCostNanoUsd ?? Number.POSITIVE_INFINITY)) {
        tooDear += 1;
        rejected.push({ deployment: name, reason: "may cost more than the job's maxCostUsd" });
      } else taken.push(entry);
    }
    const ordered = inOrder(policy.orders?.[tier] ?? "listed", taken, job).map(({ deployment }) => deployment.name);
    // Whom the job named is first in any order.
    const isHead = (name: string) => name === head;
    const names = [...ordered.filter(isHead), ...ordered.filter((name) => !isHead(name))];
    if (names.length > 0) return { names, rejected };
    if (tooDear > 0) return { names, rejected, error: unaffordable(tier, rejected) };
    return { names, rejected, error: nowhere(tier, limits, rejected, tooShort > 0) };
  }

  function reEligible(context: HopContext, deploymentName: string, nowMs: number): string | undefined {
    const { dataClass, residency, needs, zone, redactable = false } = context;
    const deployment = deployments.get(deploymentName);
    if (deployment === undefined) return `is not in policy ${version}`;
    const found = findSensitivity({ dataClass, residency }, {});
    if (found.kind === "refused") return found.error.message;
    // Its bytes are under the general key, where its class must not be any more.
    if (found.dataClass.zone === "restricted" && zone === "general") return `class ${dataClass} is restricted by now`;
    const limits = {
      dataClass: found.dataClass,
      residency: found.residency,
      needs: { capabilities: needs },
      nowMs,
      redactable,
    };
    return ineligible(deployment, limits)?.reason;
  }

  function entryOf({ use, when, weight = 1 }: TierEntry): Entry {
    const deployment = deployments.get(use);
    if (deployment === undefined) throw new Error(`The policy ${version} has no deployment ${use}.`);
    return { deployment, weight, when, condition: when === undefined ? undefined : conditionOf(when) };
  }
}

function stateOf(detection: Detection): NonNullable<Denied["detection"]> {
  if (detection.kind === "failed") return "failed";
  return detection.unread ? "partial" : "done";
}

function unaffordable(tier: Tier, rejected: readonly Rejection[]): JobError {
  return {
    code: "budget-exceeded",
    message: `No deployment of ${tier} can answer this job within its maxCostUsd (${reasonsOf(rejected)}); allow more, or a shorter answer with max_tokens.`,
  };
}

function reasonsOf(rejected: readonly Rejection[]): string {
  return rejected.map(({ deployment, reason }) => `${deployment}: ${reason}`).join("; ");
}

function nowhere(tier: Tier, limits: Limits, rejected: readonly Rejection[], tooLong: boolean): JobError {
  const reasons = reasonsOf(rejected);
  if (tooLong)
    return {
      code: "context-too-long",
      message: `The request is too long for every deployment of ${tier} that may see it (${reasons}).`,
    };
  const residency = limits.residency === undefined ? "" : ` with residency ${limits.residency.name}`;
  return {
    code: "policy-denied",
    message: `No deployment of ${tier} may see this job of class ${limits.dataClass.name}${residency} (${reasons}).`,
  };
}

function denied(error: JobError, decided: Partial<Omit<Denied, "kind" | "error">>): Denied {
  return { kind: "denied", error, rejected: [], ...decided };
}
