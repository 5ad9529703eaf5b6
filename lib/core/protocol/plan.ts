import * as z from "zod";
import { Decision } from "../decision.ts";
import { FoundInPart } from "../detect/detection.ts";
import { Priority, Zone } from "../names.ts";
import type { Copies } from "./payload.ts";

/** One line of a plan. Decisions are stored once and named by index: a chunk has few different ones. */
export const PlanLine = z.object({
  line: z.int().nonnegative(),
  /** `custom_id`, where the line has one. */
  id: z.string().optional(),
  decision: z.int().nonnegative(),
  /** What its line asks for, as `requestHash` names it; of lines of a batch that have a route. */
  request: z.string().optional(),
  /** The earlier line that asks for the same and runs for both; then this one is in no shard. */
  duplicateOf: z.int().optional(),
  /** Personal data in its texts: where it is, never what it is. */
  found: z.array(FoundInPart).optional(),
  /** Where the answer to a job queued singly is sent. */
  replyTo: z.string().optional(),
});
export type PlanLine = z.infer<typeof PlanLine>;

const PlanRoot = z.object({
  shard: z.string(),
  zone: Zone,
  tenant: z.string().optional(),
  priority: Priority,
  /** Its slice of `order`. */
  from: z.int().nonnegative(),
  lines: z.int().positive(),
  /** The payload object, where it did not fit the message. */
  payload: z.string().optional(),
});

export type PlanRoot = z.infer<typeof PlanRoot>;

/** What classify decided for a chunk, written once as an object and named in the chunk's item. */
export const Plan = z.object({
  v: z.literal(1),
  policy: z.string(),
  deadlineMs: z.int(),
  /** The decisions that lines name. */
  decisions: z.array(Decision),
  /** Ascending by line. */
  lines: z.array(PlanLine),
  /** Indices into `lines`, root after root; lines that reach no lane are in none. */
  order: z.array(z.int().nonnegative()),
  roots: z.array(PlanRoot),
});
export type Plan = z.infer<typeof Plan>;

/** The copies of a plan's lines; undefined when there are none. */
export function copiesIn({ lines }: Pick<Plan, "lines">): Copies | undefined {
  const copies: Copies = {};
  for (const { line, duplicateOf } of lines)
    if (duplicateOf !== undefined) copies[duplicateOf] = [...(copies[duplicateOf] ?? []), line];
  return Object.keys(copies).length === 0 ? undefined : copies;
}
