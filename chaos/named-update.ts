import type { BatchEvent } from "../lib/core/protocol/batch.ts";
import type { ChunkEvent } from "../lib/core/protocol/chunk.ts";

/** Attributes that an update names if it is of an event. */
type Marks = readonly string[];

/** The first whose marks fit is the event: by these the update of an item says which commit it is. */
const chunkMarks = {
  claim: ["foundLeaseMs"],
  repair: ["repairedAtMs"],
  form: ["formingUntilMs", "counts"],
  abandon: ["formingUntilMs"],
  nest: ["plannedAtMs", "parent"],
  plan: ["plannedAtMs"],
  commit: ["segment", "leaseUntilMs"],
  release: ["leaseUntilMs"],
  "add-nested": ["nested"],
} as const satisfies Record<ChunkEvent["type"], Marks>;

const batchMarks = {
  create: ["etag"],
  planned: ["blankLines"],
  "add-chunk": ["chunksDone"],
  fail: ["failure"],
  announced: ["announced"],
  cancel: ["cancelledAtMs"],
  "ask-collect": ["collectAskedAtMs"],
  end: ["endedAtMs"],
  complete: ["completedAtMs"],
  recount: ["counts"],
} as const satisfies Record<BatchEvent["type"], Marks>;

/** Every update of a chunk's and of a batch's item that the protocol has. */
export const chunkEvents = Object.keys(chunkMarks);
export const batchEvents = Object.keys(batchMarks);

/** The event of a chunk's update, by the attributes that it names. */
export function chunkEventOf(names: ReadonlySet<string>): string {
  return eventOf(chunkMarks, names);
}

/** The event of a batch's update. */
export function batchEventOf(names: ReadonlySet<string>): string {
  return eventOf(batchMarks, names);
}

function eventOf(marks: Record<string, Marks>, names: ReadonlySet<string>): string {
  return Object.entries(marks).find(([, has]) => has.every((name) => names.has(name)))?.[0] ?? "unknown";
}
