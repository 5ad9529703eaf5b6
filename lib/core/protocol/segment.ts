import * as z from "zod";
import { Attempt } from "../attempt.ts";
import { Rejection } from "../decision.ts";
import { JobError } from "../failure.ts";
import { CostByDeployment, Counts } from "./counts.ts";
import { Shard } from "./shard.ts";

/** Of an answer that was given before: the id of the result that has it, when that was, and what its call cost. */
const CachedFrom = z.object({ result: z.string(), atMs: z.int(), savedNanoUsd: z.int().nonnegative() });

/** How a job ended. `response` is a chat completion in OpenAI's shape. */
export const JobResult = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("succeeded"),
    deployment: z.string(),
    response: z.record(z.string(), z.unknown()),
    cached: CachedFrom.optional(),
  }),
  z.object({ kind: z.literal("failed"), error: JobError }),
  z.object({ kind: z.literal("cancelled") }),
]);
export type JobResult = z.infer<typeof JobResult>;

/** One line of a segment: what one shard did for one job. Without a result the job goes on in a child. */
export const SegmentRecord = z.object({
  line: z.int().nonnegative(),
  attempts: z.array(Attempt),
  /** Deployments that policy forbade on this hop. */
  refused: z.array(Rejection).optional(),
  result: JobResult.optional(),
  /** Of one that ended: the lines that ask for the same and end with it, at no cost of their own. */
  copies: z.array(z.int()).optional(),
});
export type SegmentRecord = z.infer<typeof SegmentRecord>;

/** When the owner closed the shard, Unix milliseconds, and which policy versions it asked. */
const HopHeader = z.object({ atMs: z.int(), policies: z.array(z.string()) });
type HopHeader = z.infer<typeof HopHeader>;

/** First line of a segment: all that its commit says, so that a later owner can adopt it as it is. */
const SegmentHeader = z.object({
  v: z.literal(1),
  counts: Counts,
  costNanoUsd: CostByDeployment,
  children: z.record(z.string(), Shard),
  hop: HopHeader.optional(),
});

type SegmentHeader = z.infer<typeof SegmentHeader>;

/** What a worker did with a shard: a header and records in ascending order of lines. */
export type Segment = { header: SegmentHeader; records: SegmentRecord[] };

/** The segment as JSON lines, header first. */
export function encodeSegment(segment: Segment): string {
  return `${[segment.header, ...segment.records].map((line) => JSON.stringify(line)).join("\n")}\n`;
}

export function decodeSegment(text: string): Segment {
  const [first = "", ...rest] = text.split("\n");
  return {
    header: SegmentHeader.parse(JSON.parse(first)),
    records: rest.filter((line) => line !== "").map((line) => SegmentRecord.parse(JSON.parse(line))),
  };
}

const Version = SegmentHeader.pick({ v: true });

/** The records of an encoded segment, still as text. Throws when a version wrote it that this one cannot read. */
export function recordTexts(text: string): string[] {
  const [header = "", ...records] = text.split("\n");
  Version.parse(JSON.parse(header));
  return records.filter((line) => line !== "");
}

/** The line that a record's text is of, without reading the rest. */
export function lineOfRecord(text: string): number {
  const digits = /^\{"line":(\d+)/.exec(text)?.[1];
  if (digits === undefined) throw new Error("A segment's record does not begin with its line.");
  return Number(digits);
}

/** Closes a segment's books: counts and cost are what its records say, nothing else. */
export function segmentOf(records: SegmentRecord[], children: Record<string, Shard>, hop?: HopHeader): Segment {
  const counts: Counts = { succeeded: 0, failed: 0, cancelled: 0 };
  const costNanoUsd: CostByDeployment = {};
  for (const record of records) {
    if (record.result !== undefined) counts[record.result.kind] += 1 + (record.copies?.length ?? 0);
    for (const { deployment, costNanoUsd: cost } of record.attempts)
      costNanoUsd[deployment] = (costNanoUsd[deployment] ?? 0) + cost;
  }
  const sorted = records.toSorted((a, b) => a.line - b.line);
  return { header: { v: 1, counts, costNanoUsd, children, ...(hop === undefined ? {} : { hop }) }, records: sorted };
}
