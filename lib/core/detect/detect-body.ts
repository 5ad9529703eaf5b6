import { detectInContext } from "./detect-in-context.ts";
import type { Detect, Detection, FoundInPart } from "./detection.ts";
import { distinct } from "./distinct-findings.ts";
import type { DetectText, Finding } from "./finding.ts";
import { readTexts } from "./text-parts.ts";

export type Detectors = {
  /** Answers at once, in this process. */
  local: DetectText;
  /** Asks a service; rejects when it does not answer in time. */
  remote?: (text: string) => Promise<Finding[]>;
  /** Findings below it count for nothing. */
  minConfidence: number;
  /** Hears why a detector failed. */
  onError: (error: unknown) => void;
};

/** How many texts of a request a service is asked about at a time. */
const atOnce = 4;

/**
 * Looks through every text of a request with all detectors. What one finds takes nothing from another: findings may
 * overlap. When one of them fails, nothing is known.
 */
export function createDetect({ local, remote, minConfidence, onError }: Detectors): Detect {
  return (body, matters = () => true) => {
    try {
      const { parts, isWhole } = readTexts(body);
      const found = parts.map((part) => detectInContext(local, part));
      const done = () => detectionOf(parts, found, isWhole);
      const alone = done();
      return remote === undefined || !matters(alone) ? alone : askEach(parts, found, remote).then(done).catch(failed);
    } catch (error) {
      return failed(error);
    }
  };

  function detectionOf(
    parts: readonly { path: string }[],
    found: readonly (readonly Finding[])[],
    isWhole: boolean,
  ): Detection {
    const inParts: FoundInPart[] = [];
    for (const [index, { path }] of parts.entries()) {
      // Before they are compared: one that does not count must not take the place of one that does.
      const findings = distinct((found[index] ?? []).filter(({ confidence }) => confidence >= minConfidence));
      if (findings.length > 0) inParts.push({ part: path, findings });
    }
    return { kind: "found", parts: inParts, ...(isWhole ? {} : { unread: true }) };
  }

  function failed(error: unknown): Detection {
    onError(error);
    return { kind: "failed" };
  }
}

/** Adds what a service finds in each text to what is known. Rejects with the first failure, and asks no more then. */
async function askEach(
  parts: readonly { text: string }[],
  found: Finding[][],
  ask: NonNullable<Detectors["remote"]>,
): Promise<void> {
  const waiting = [...parts.entries()].reverse();
  const asking = Array.from({ length: atOnce }, async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, { text }] = next;
      found[index]?.push(...(await ask(text)));
    }
  });
  await Promise.all(asking).finally(() => waiting.splice(0));
}
