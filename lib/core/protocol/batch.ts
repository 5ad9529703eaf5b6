import * as z from "zod";
import { BatchDefaults } from "../job.ts";
import { CostByDeployment, Counts, noCounts, totalOf } from "./counts.ts";
import type { Change, Condition, Item, Update } from "./update.ts";
import { applyUpdate } from "./update.ts";

/** The jobs of one uploaded JSONL object. A batch is its key and ETag: the same upload announced twice is one batch. */
export const Batch = z.object({
  id: z.string(),
  state: z.enum(["planning", "running", "completed", "cancelled", "failed"]),
  key: z.string(),
  etag: z.string(),
  bytes: z.int().nonnegative(),
  policy: z.string(),
  acceptedAtMs: z.int(),
  deadlineMs: z.int(),
  defaults: BatchDefaults,
  /** What it may cost, as its owner said. */
  maxCostNanoUsd: z.int().nonnegative().optional(),
  /** Known once the whole object has been read. */
  chunks: z.int().nonnegative().optional(),
  /** Lines that are not blank: every one of them ends in one result. */
  lines: z.int().nonnegative().optional(),
  blankLines: z.int().nonnegative().optional(),
  chunksDone: z.array(z.int()).default([]),
  counts: Counts,
  costNanoUsd: CostByDeployment,
  /** When it was cancelled, Unix milliseconds: what has not started by then need not run. Never unset. */
  cancelledAtMs: z.int().optional(),
  /** When all its lines were first seen to have ended, Unix milliseconds: what every collector calls its completion. */
  endedAtMs: z.int().optional(),
  completedAtMs: z.int().optional(),
  /** When collect was last asked for, Unix milliseconds; 0 is never. */
  collectAskedAtMs: z.int().default(0),
  /** The completion event went out. */
  announced: z.boolean().optional(),
  /** Why the whole batch failed (an object that is empty, or was replaced while it was read). */
  failure: z.string().optional(),
});
export type Batch = z.infer<typeof Batch>;

export type BatchEvent =
  | {
      type: "create";
      batch: Pick<
        Batch,
        "id" | "key" | "etag" | "bytes" | "policy" | "acceptedAtMs" | "deadlineMs" | "defaults" | "maxCostNanoUsd"
      >;
    }
  | { type: "planned"; chunks: number; lines: number; blankLines: number }
  | { type: "add-chunk"; number: number; counts: Counts; costNanoUsd: CostByDeployment }
  | { type: "cancel"; nowMs: number }
  /** The chunks say otherwise than the batch, whose counts are still those that were seen. */
  | { type: "recount"; seen: Counts; counts: Counts; costNanoUsd: CostByDeployment }
  | { type: "ask-collect"; nowMs: number }
  /** All lines have ended; the first collector says when. */
  | { type: "end"; nowMs: number }
  | { type: "complete"; completedAtMs: number; state: "completed" | "cancelled" }
  | { type: "fail"; completedAtMs: number; failure: string }
  | { type: "announced" };

/** The one conditional update that an event is. Repeating any of them changes nothing. */
export function batchUpdateFor(event: BatchEvent): Update {
  switch (event.type) {
    case "create":
      return {
        conditions: [{ kind: "absent", path: ["state"] }],
        changes: Object.entries({ ...event.batch, state: "planning", counts: noCounts, costNanoUsd: {} }).map(
          ([name, value]): Change => ({ kind: "set", path: [name], value }),
        ),
      };
    case "planned":
      return {
        conditions: [{ kind: "equals", path: ["state"], value: "planning" }],
        changes: [
          { kind: "set", path: ["state"], value: "running" },
          { kind: "set", path: ["chunks"], value: event.chunks },
          { kind: "set", path: ["lines"], value: event.lines },
          { kind: "set", path: ["blankLines"], value: event.blankLines },
        ],
      };
    case "add-chunk":
      return {
        conditions: [
          { kind: "exists", path: ["state"] },
          { kind: "lacks", path: ["chunksDone"], value: event.number },
        ],
        changes: [
          { kind: "insert", path: ["chunksDone"], member: event.number },
          ...Object.entries(event.counts).map(([name, by]): Change => ({ kind: "add", path: ["counts", name], by })),
          ...Object.entries(event.costNanoUsd).map(
            ([deployment, by]): Change => ({ kind: "add", path: ["costNanoUsd", deployment], by }),
          ),
        ],
      };
    // Whoever reads the flag stops; whoever has not read it yet is what was in flight.
    case "cancel":
      return {
        conditions: [
          { kind: "exists", path: ["state"] },
          { kind: "absent", path: ["completedAtMs"] },
          { kind: "absent", path: ["cancelledAtMs"] },
        ],
        changes: [{ kind: "set", path: ["cancelledAtMs"], value: event.nowMs }],
      };
    case "recount":
      return {
        conditions: [
          { kind: "equals", path: ["state"], value: "running" },
          ...Object.entries(event.seen).map(
            ([name, value]): Condition => ({ kind: "equals", path: ["counts", name], value }),
          ),
        ],
        changes: [
          { kind: "set", path: ["counts"], value: event.counts },
          { kind: "set", path: ["costNanoUsd"], value: event.costNanoUsd },
        ],
      };
    case "ask-collect":
      return {
        conditions: [{ kind: "exists", path: ["state"] }],
        changes: [{ kind: "set", path: ["collectAskedAtMs"], value: event.nowMs }],
      };
    case "end":
      return {
        conditions: [
          { kind: "equals", path: ["state"], value: "running" },
          { kind: "absent", path: ["endedAtMs"] },
        ],
        changes: [{ kind: "set", path: ["endedAtMs"], value: event.nowMs }],
      };
    case "complete":
      return {
        conditions: [{ kind: "equals", path: ["state"], value: "running" }],
        changes: [
          { kind: "set", path: ["state"], value: event.state },
          { kind: "set", path: ["completedAtMs"], value: event.completedAtMs },
        ],
      };
    case "fail":
      return {
        conditions: [{ kind: "equals", path: ["state"], value: "planning" }],
        changes: [
          { kind: "set", path: ["state"], value: "failed" },
          { kind: "set", path: ["completedAtMs"], value: event.completedAtMs },
          { kind: "set", path: ["failure"], value: event.failure },
        ],
      };
    case "announced":
      return {
        conditions: [{ kind: "exists", path: ["completedAtMs"] }],
        changes: [{ kind: "set", path: ["announced"], value: true }],
      };
  }
}

/** The batch after the event; undefined when its state refuses the event. */
export function batchTransition(batch: Batch | undefined, event: BatchEvent): Batch | undefined {
  const item: Item | undefined = batch;
  const after = applyUpdate(item, batchUpdateFor(event));
  return after === undefined ? undefined : Batch.parse(after);
}

export function allChunksDone(batch: Batch): boolean {
  return batch.chunks !== undefined && batch.chunksDone.length === batch.chunks;
}

/**
 * What a batch is called once it is over: cancelled when at least one line was. Its counts are final by then, so every
 * collector says the same; a cancellation that came too late to stop anything changes nothing.
 */
export function endStateOf(batch: Batch): "completed" | "cancelled" | "failed" {
  if (batch.state === "failed") return "failed";
  return batch.counts.cancelled > 0 ? "cancelled" : "completed";
}

/** Conservation: every accepted line ended in exactly one way. */
export function isConserved(batch: Batch): boolean {
  return batch.lines !== undefined && totalOf(batch.counts) === batch.lines;
}
