import type { DetectPolicy, Policy } from "../core/configuration/document.ts";
import { createDetect } from "../core/detect/detect-body.ts";
import type { Detect } from "../core/detect/detection.ts";
import type { DetectText, Finding } from "../core/detect/finding.ts";

/** How a policy has requests looked through, in this process alone; undefined when it has not. Its data load when it is first asked for. */
export async function localDetect({ detect }: Policy): Promise<Detect | undefined> {
  return detect === undefined ? undefined : detectBy(detect, rethrow);
}

/** The same for one text: what counts by the policy. */
export async function localDetectText({ detect }: Policy): Promise<DetectText | undefined> {
  if (detect === undefined) return undefined;
  return detectorOf(detect);
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
}: DetectionDeps): (policy: Policy) => Promise<Detect | undefined> {
  const made = new WeakMap<DetectPolicy, Promise<Detect>>();
  return async ({ detect }) => {
    if (detect === undefined) return undefined;
    const known = made.get(detect) ?? make(detect);
    made.set(detect, known);
    return known;
  };

  async function make(detect: DetectPolicy): Promise<Detect> {
    const remote = detect.comprehend === undefined ? undefined : await comprehend(detect.comprehend);
    return detectBy(detect, onError, remote);
  }
}

async function detectBy(
  detect: DetectPolicy,
  onError: (error: unknown) => void,
  remote?: (text: string) => Promise<Finding[]>,
): Promise<Detect> {
  const { minConfidence } = detect;
  const local = await detectorOf(detect);
  return createDetect({ local, ...(remote === undefined ? {} : { remote }), minConfidence, onError });
}

async function detectorOf({ phoneRegions, minConfidence }: DetectPolicy): Promise<DetectText> {
  const { createDetector } = await import("../core/detect/create-detector.ts");
  return createDetector({ phoneRegions, minConfidence });
}

function rethrow(error: unknown): never {
  throw error;
}
