import type { ChatBody } from "../chat.ts";
import type { Detect, Detection, FoundInPart } from "./detection.ts";
import type { DetectText, Finding } from "./finding.ts";
import type { MergeFindings } from "./merge-findings.ts";
import { textPartsOf } from "./text-parts.ts";

export type Detectors = {
  /** Answers at once, in this process. */
  local: DetectText;
  /** Asks a service; rejects when it does not answer in time. */
  remote?: (text: string) => Promise<Finding[]>;
  /** Joins what both say. */
  merge: MergeFindings;
  /** Findings below it count for nothing. */
  minConfidence: number;
  /** Hears why a detector failed. */
  onError: (error: unknown) => void;
};

/** Looks through every text of a request with all detectors. When one of them fails, nothing is known. */
export function createDetect({ local, remote, merge, minConfidence, onError }: Detectors): Detect {
  return remote === undefined ? alone : (body) => together(body, remote).catch(failed);

  function alone(body: ChatBody): Detection {
    try {
      const found: FoundInPart[] = [];
      for (const { path, text } of textPartsOf(body)) keep(found, path, local(text));
      return { kind: "found", parts: found };
    } catch (error) {
      return failed(error);
    }
  }

  async function together(body: ChatBody, ask: NonNullable<Detectors["remote"]>): Promise<Detection> {
    const parts = [...textPartsOf(body)];
    const answers = await Promise.all(parts.map(async ({ text }) => merge(sure(local(text)), sure(await ask(text)))));
    const found: FoundInPart[] = [];
    for (const [index, { path }] of parts.entries()) keep(found, path, answers[index] ?? []);
    return { kind: "found", parts: found };
  }

  function keep(found: FoundInPart[], part: string, findings: readonly Finding[]): void {
    const kept = sure(findings);
    if (kept.length > 0) found.push({ part, findings: kept });
  }

  /** Before findings are joined: one that does not count must not take the place of one that does. */
  function sure(findings: readonly Finding[]): Finding[] {
    return findings.filter(({ confidence }) => confidence >= minConfidence);
  }

  function failed(error: unknown): Detection {
    onError(error);
    return { kind: "failed" };
  }
}
