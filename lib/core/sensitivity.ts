import type { DataClass, Policy } from "./configuration/document.ts";
import type { Detection } from "./detect/detection.ts";
import { type FindingType, findingTypes } from "./detect/finding.ts";
import { homeOutside, type Limits } from "./eligibility.ts";
import type { ErrorCode, JobError } from "./failure.ts";
import type { BatchDefaults, JobOptions } from "./job.ts";

/** How sensitive a job is and why, and where it may be processed; or why that cannot be said. */
type Sensitivity =
  | { kind: "known"; dataClass: DataClass; dataClassReason: string; residency: Limits["residency"] }
  | { kind: "refused"; error: JobError; dataClass?: string; dataClassReason?: string; residency?: string };

/** Finds the classes and residencies of a policy by name. `detection`: undefined where nothing was looked for. */
export type FindSensitivity = (options: JobOptions, defaults: BatchDefaults, detection?: Detection) => Sensitivity;

/**
 * How sensitive jobs are under a policy, taken in at a home region. A line's class, or where untagged jobs start, is
 * raised to its batch's, its tenant's, and what was found in it, and never lowered. A line and a batch that name different
 * residencies are refused: there is no telling whether both can be kept.
 */
export function createFindSensitivity(policy: Policy, homeRegion: string): FindSensitivity {
  const ranks = new Map(policy.dataClasses.map(({ name }, rank) => [name, rank]));
  const classNames = [...ranks.keys()].join(", ");
  const residencies = new Map(Object.entries(policy.residencies));
  const detectedRank = createDetectedRank(policy, ranks);

  return (options, defaults, detection) => {
    const stated = options.dataClass ?? policy.untagged;
    let rank = ranks.get(stated);
    if (rank === undefined) return unknownClass(stated);
    let why = options.dataClass === undefined ? `untagged jobs are ${stated}` : `the job says ${stated}`;
    const tenant = options.tenant ?? defaults.tenant;
    const ofTenant = tenant === undefined ? undefined : policy.tenants?.[tenant]?.dataClass;
    for (const [whose, floor] of [
      ["the batch", defaults.dataClass] as const,
      [`tenant ${tenant}`, ofTenant] as const,
    ]) {
      if (floor === undefined) continue;
      const floorRank = ranks.get(floor);
      if (floorRank === undefined) return unknownClass(floor);
      if (floorRank <= rank) continue;
      rank = floorRank;
      why = `${whose} is ${floor}`;
    }
    const detected = detection === undefined ? undefined : detectedRank(detection);
    if (detected !== undefined && detected.rank > rank) {
      rank = detected.rank;
      why = detected.why;
    }
    const dataClass = policy.dataClasses[rank];
    if (dataClass === undefined) return unknownClass(stated);
    const known = { dataClass: dataClass.name, dataClassReason: why };

    for (const name of [options.residency, defaults.residency])
      if (name !== undefined && !residencies.has(name)) {
        const there =
          residencies.size === 0 ? "none are configured" : `there are ${[...residencies.keys()].join(", ")}`;
        return refused("unknown-residency", `Unknown residency "${clip(name)}"; ${there}.`, known);
      }
    const name = options.residency ?? defaults.residency;
    if (name === undefined) return { kind: "known", dataClass, dataClassReason: why, residency: undefined };
    const at = { ...known, residency: name };
    if (defaults.residency !== undefined && defaults.residency !== name)
      return refused(
        "policy-denied",
        `The line asks for the residency ${name} and its batch for ${defaults.residency}; send it in another batch.`,
        at,
      );
    const rule = residencies.get(name);
    const abroad = rule === undefined ? `Unknown residency "${name}".` : homeOutside(name, rule, homeRegion, policy);
    if (rule === undefined || abroad !== undefined) return refused("policy-denied", abroad ?? "", at);
    return { kind: "known", dataClass, dataClassReason: why, residency: { name, rule } };
  };

  function unknownClass(name: string): Sensitivity {
    return refused("unknown-data-class", `Unknown data class "${clip(name)}"; there are ${classNames}.`, {});
  }
}

/** The class that a detection raises to, as its rank, and why. Nobody knows what a failed one would have found: the most sensitive. */
function createDetectedRank(
  { detect, dataClasses }: Policy,
  ranks: ReadonlyMap<string, number>,
): (detection: Detection) => { rank: number; why: string } | undefined {
  const rankOf = new Map<FindingType, number>();
  for (const type of findingTypes) {
    const rank = ranks.get(detect?.raiseTo[type] ?? "");
    if (rank !== undefined) rankOf.set(type, rank);
  }
  return (detection) => {
    if (detection.kind === "failed")
      return { rank: dataClasses.length - 1, why: "detection failed, so the most sensitive class holds" };
    let highest = -1;
    const types = new Set<FindingType>();
    for (const { findings } of detection.parts)
      for (const { type } of findings) {
        const rank = rankOf.get(type);
        if (rank === undefined || rank < highest) continue;
        if (rank > highest) types.clear();
        highest = rank;
        types.add(type);
      }
    // In the order of the list, so that there are few different reasons.
    const found = findingTypes.filter((type) => types.has(type)).join(", ");
    return highest < 0 ? undefined : { rank: highest, why: `found: ${found}` };
  };
}

function refused(
  code: ErrorCode,
  message: string,
  found: { dataClass?: string; dataClassReason?: string; residency?: string },
): Sensitivity {
  return { kind: "refused", error: { code, message }, ...found };
}

/** Names come from the caller and end in messages. */
export function clip(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
