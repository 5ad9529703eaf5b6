import type { DataClass, Policy } from "./configuration/document.ts";
import { homeOutside, type Limits } from "./eligibility.ts";
import type { ErrorCode, JobError } from "./failure.ts";
import type { BatchDefaults, JobOptions } from "./job.ts";

/** How sensitive a job is and where it may be processed, or why that cannot be said. */
type Sensitivity =
  | { kind: "known"; dataClass: DataClass; residency: Limits["residency"] }
  | { kind: "refused"; error: JobError; dataClass?: string; residency?: string };

/** Finds the classes and residencies of a policy by name. */
export type FindSensitivity = (options: JobOptions, defaults: BatchDefaults) => Sensitivity;

/**
 * How sensitive jobs are under a policy, taken in at a home region. A line's class, or where untagged jobs start, is
 * raised to its batch's and never lowered. A line and a batch that name different residencies are refused: there is no
 * telling whether both can be kept.
 */
export function createFindSensitivity(policy: Policy, homeRegion: string): FindSensitivity {
  const ranks = new Map(policy.dataClasses.map(({ name }, rank) => [name, rank]));
  const classNames = [...ranks.keys()].join(", ");
  const residencies = new Map(Object.entries(policy.residencies));

  return (options, defaults) => {
    const stated = options.dataClass ?? policy.untagged;
    const rank = ranks.get(stated);
    const floor = defaults.dataClass === undefined ? 0 : ranks.get(defaults.dataClass);
    if (rank === undefined) return unknownClass(stated);
    if (floor === undefined) return unknownClass(defaults.dataClass ?? "");
    const dataClass = policy.dataClasses[Math.max(rank, floor)];
    if (dataClass === undefined) return unknownClass(stated);

    for (const name of [options.residency, defaults.residency])
      if (name !== undefined && !residencies.has(name)) {
        const known =
          residencies.size === 0 ? "none are configured" : `there are ${[...residencies.keys()].join(", ")}`;
        return refused("unknown-residency", `Unknown residency "${clip(name)}"; ${known}.`, {
          dataClass: dataClass.name,
        });
      }
    const name = options.residency ?? defaults.residency;
    if (name === undefined) return { kind: "known", dataClass, residency: undefined };
    if (defaults.residency !== undefined && defaults.residency !== name)
      return refused(
        "policy-denied",
        `The line asks for the residency ${name} and its batch for ${defaults.residency}; send it in another batch.`,
        { dataClass: dataClass.name, residency: name },
      );
    const rule = residencies.get(name);
    const abroad = rule === undefined ? `Unknown residency "${name}".` : homeOutside(name, rule, homeRegion, policy);
    if (rule === undefined || abroad !== undefined)
      return refused("policy-denied", abroad ?? "", { dataClass: dataClass.name, residency: name });
    return { kind: "known", dataClass, residency: { name, rule } };
  };

  function unknownClass(name: string): Sensitivity {
    return refused("unknown-data-class", `Unknown data class "${clip(name)}"; there are ${classNames}.`, {});
  }
}

function refused(code: ErrorCode, message: string, found: { dataClass?: string; residency?: string }): Sensitivity {
  return { kind: "refused", error: { code, message }, ...found };
}

/** Names come from the caller and end in messages. */
export function clip(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
