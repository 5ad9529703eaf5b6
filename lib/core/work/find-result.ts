import type { JobPointer } from "../ports.ts";
import { type ReadDeps, readEnded, readPlan } from "./read-chunk.ts";
import { resultLine } from "./result-line.ts";

export type Found =
  | { kind: "ended"; line: Record<string, unknown> }
  /** Accepted, no result yet. */
  | { kind: "pending" }
  | { kind: "unknown" };

/** The result of a job queued singly, through its job item, chunk and segment. */
export async function findResult(pointer: JobPointer | undefined, deps: ReadDeps): Promise<Found> {
  if (pointer === undefined) return { kind: "unknown" };
  const chunk = await deps.chunks.read(pointer.chunk);
  if (chunk === undefined) return { kind: "unknown" };
  if (chunk.state !== "planned") return { kind: "pending" };
  const plan = await readPlan(chunk, deps.intake);
  for await (const job of readEnded(pointer.chunk, chunk, plan, deps))
    if (job.line === pointer.line) return { kind: "ended", line: resultLine(job).line };
  return { kind: "pending" };
}
