import type { ErrorCode } from "../lib/core/failure.ts";

/** How a job must end; one of a batch that is cancelled may end as cancelled instead. */
type Ending = "answered" | ErrorCode;

/** What is known of a job before it is sent. */
export type ExpectedJob = {
  /** Physical line in its batch, or the number of its message. */
  line: number;
  /** `custom_id` or `id`; undefined where the line has none that can be read. */
  id: string | undefined;
  ending: Ending;
  /** As declared or as detection must raise it. */
  dataClass: string;
  residency: string | undefined;
  /** What the providers' log calls it; undefined for one that must never be called. */
  promptId: string | undefined;
};

export type ExpectedBatch = {
  name: string;
  text: string;
  metadata: Record<string, string>;
  jobs: ExpectedJob[];
  /** A batch that fails as a whole has no results. */
  ends: "completed" | "cancelled" | "failed";
};

export type ExpectedSingle = ExpectedJob & {
  id: string;
  message: string;
  /** Sent a second time. */
  again: boolean;
  /** Its owner waits at the queue for replies. */
  reply: boolean;
};

export type Workload = { batches: ExpectedBatch[]; singles: ExpectedSingle[]; hostile: number };
