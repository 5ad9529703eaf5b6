import type { DetectPolicy, Policy } from "../core/configuration/document.ts";
import { createDetect } from "../core/detect/detect-body.ts";
import type { Detect } from "../core/detect/detection.ts";
import type { DetectText, Finding, FindingType } from "../core/detect/finding.ts";

/** What of a policy says how texts are looked through. */
type DetectingPolicy = Pick<Policy, "detect" | "dataClasses">;

/** How a policy has requests looked through, in this process alone; undefined when it has not. */
export async function localDetect(policy: DetectingPolicy): Promise<Detect | undefined> {
  const local = await localDetectText(policy);
  return local === undefined ? undefined : detectBy(policy, local, rethrow);
}

/** The same for one text. The detectors' data load when they are first asked for. */
export async function localDetectText(policy: DetectingPolicy): Promise<DetectText | undefined> {
  const { detect } = policy;
  if (detect === undefined) return undefined;
  const { createDetector } = await import("../core/detect/create-detector.ts");
  const { phoneRegions, minConfidence } = detect;
  return createDetector({ phoneRegions, minConfidence, sensitivityOf: sensitivityUnder(policy) });
}

export type DetectionDeps = {
  /** Asks Amazon Comprehend. */
  comprehend: (options: NonNullable<DetectPolicy["comprehend"]>) => Promise<(text: string) => Promise<Finding[]>>;
  onError: (error: unknown) => void;
};

/** The same for many policies, each made once, with the services that they name. */
export function createDetection({
  comprehend,
  onError,
}: DetectionDeps): (policy: DetectingPolicy) => Promise<Detect | undefined> {
  const made = new WeakMap<DetectingPolicy, Promise<Detect | undefined>>();
  return async (policy) => {
    const known = made.get(policy) ?? make(policy);
    made.set(policy, known);
    return known;
  };

  async function make(policy: DetectingPolicy): Promise<Detect | undefined> {
    const local = await localDetectText(policy);
    if (local === undefined) return undefined;
    const service = policy.detect?.comprehend;
    return detectBy(policy, local, onError, service === undefined ? undefined : await comprehend(service));
  }
}

function detectBy(
  policy: DetectingPolicy,
  local: DetectText,
  onError: (error: unknown) => void,
  remote?: (text: string) => Promise<Finding[]>,
): Detect {
  return createDetect({
    local,
    ...(remote === undefined ? {} : { remote }),
    minConfidence: policy.detect?.minConfidence ?? 0,
    onError,
  });
}

/** The rank of the class that a type raises to; of one that raises nothing, below all. */
function sensitivityUnder({ detect, dataClasses }: DetectingPolicy): (type: FindingType) => number {
  const ranks = new Map(dataClasses.map(({ name }, rank) => [name, rank + 1]));
  return (type) => ranks.get(detect?.raiseTo[type] ?? "") ?? 0;
}

function rethrow(error: unknown): never {
  throw error;
}
