import * as z from "zod";
import type { Ledger, LedgerEvent, LedgerId } from "./budgets/ledger.ts";
import type { PolicyDocument } from "./configuration/document.ts";
import type { Brought, PolicyState, Publication } from "./configuration/policy-state.ts";
import type { Cooldown, Pause } from "./cooldown.ts";
import type { Reservation, Wish } from "./limits/gcra.ts";
import type { AnswerTimes, MeasuredLatency } from "./measured-latency.ts";
import type { Zone } from "./names.ts";
import type { Batch, BatchEvent } from "./protocol/batch.ts";
import type { Chunk, ChunkEvent } from "./protocol/chunk.ts";
import type { Refusal } from "./protocol/chunk-transition.ts";

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

export type ChunkApplied =
  | { kind: "applied"; chunk: Chunk }
  /** `chunk` is the state that refused, read consistently; undefined when there is none. */
  | { kind: "refused"; because: Refusal; chunk: Chunk | undefined };

/** Chunk items by id: `<batch>/<number>`, or `adhoc-<id>/0`. */
export interface ChunkStore {
  apply(id: string, event: ChunkEvent): Promise<ChunkApplied>;
  read(id: string): Promise<Chunk | undefined>;
}

export interface BatchStore {
  /** The batch after the event, or as it stands when it refuses the event (`applied: false`). */
  apply(id: string, event: BatchEvent): Promise<{ applied: boolean; batch: Batch | undefined }>;
  read(id: string): Promise<Batch | undefined>;
  /** The newest first. */
  list(limit: number): Promise<Batch[]>;
}

/** What is in flight: batches not completed and ad-hoc chunks not done, for sweep. Markers may outlive what they name. */
export interface OpenStore {
  add(entry: OpenEntry): Promise<void>;
  remove(entry: Pick<OpenEntry, "kind" | "id">): Promise<void>;
  list(): AsyncIterable<OpenEntry | UnknownEntry>;
}
export type OpenEntry = { kind: "batch" | "chunk"; id: string; sinceMs: number };
/** A marker that another version of Switchyard left; this one leaves it. */
export type UnknownEntry = { kind: "unknown"; id: string };

/** Where a job queued singly is: its ad-hoc chunk and line. One conditional item a job, by hash of tenant and id. */
export type JobPointer = { chunk: string; line: number };
export interface JobStore {
  /** Points the job here if nothing does, or if `instead` names the abandoned chunk that does. */
  claim(
    job: string,
    pointer: JobPointer,
    instead?: string,
  ): Promise<{ kind: "claimed" } | { kind: "taken"; by: JobPointer }>;
  read(job: string): Promise<JobPointer | undefined>;
}

export interface CooldownStore {
  read(deployments: readonly string[]): Promise<Map<string, Cooldown>>;
  /** Moves the end later, never earlier. */
  cool(
    deployment: string,
    cooldown: { untilMs: number; level: number; kind: Cooldown["kind"]; sinceMs?: number },
  ): Promise<void>;
  /** Leases the single probe after a cooldown; false when another has it, or the deployment is paused. */
  leaseProbe(deployment: string, nowMs: number, leaseUntilMs: number): Promise<boolean>;
  /** A probe succeeded: forgets the cooldown that ended at `untilMs`, unless a later one began. */
  recover(deployment: string, untilMs: number): Promise<void>;
  /** A person ends the rest that is to end at `untilMs`; false when there is none, or another began. Leaves a pause. */
  clear(deployment: string, untilMs: number): Promise<boolean>;
  /** Puts a pause in the place of any other; neither a cooldown nor a recovery ends it. */
  pause(deployment: string, pause: Pause): Promise<void>;
  /** Ends a pause; false when there is none. */
  resume(deployment: string): Promise<boolean>;
}

/**
 * The lines of time of a deployment's limits (see `gcra.ts`), and of the shards that wait for their turn, those of high
 * priority on a line of their own. Each is one time that only moves later.
 */
export const limitLines = ["requests", "tokens", "turns", "high-turns"] as const;
export type LimitLine = (typeof limitLines)[number];
export interface LimitStore {
  /** Takes a stretch of a line for the caller alone, unless it would start later than the wish allows. */
  reserve(deployment: string, line: LimitLine, wish: Wish): Promise<Reservation>;
  /** Up to when each line is taken; eventually consistent. What was never reserved of is not there. */
  read(deployment: string): Promise<Partial<Record<LimitLine, number>>>;
}

/** What budgets have been used for, a ledger for each budget and period. */
export interface LedgerStore {
  /** The ledger after the event, or as it stands when it refuses the event (`applied: false`). */
  apply(id: LedgerId, event: LedgerEvent): Promise<{ applied: boolean; ledger: Ledger | undefined }>;
  /** As they stand, in the order of the ids; one that nothing was reserved of is undefined. */
  read(ids: readonly LedgerId[]): Promise<(Ledger | undefined)[]>;
  /** All of a period; eventually consistent. */
  list(period: string): Promise<{ id: LedgerId; ledger: Ledger }[]>;
}

/** How long answered calls of each deployment take, as all workers see it. */
export interface LatencyStore {
  add(deployment: string, times: AnswerTimes): Promise<void>;
  /** Eventually consistent; what was never measured is not there. */
  read(deployments: readonly string[]): Promise<Map<string, MeasuredLatency>>;
}

/** An answer in a segment that counts: which record, and its first and last byte in the segment's object. */
export const AnswerPointer = z.object({
  chunk: z.string(),
  shard: z.string(),
  segment: z.string(),
  line: z.int().nonnegative(),
  from: z.int().nonnegative(),
  to: z.int().nonnegative(),
  /** When it was given, Unix milliseconds. */
  atMs: z.int(),
  /** What the call cost. */
  costNanoUsd: z.int().nonnegative(),
});
export type AnswerPointer = z.infer<typeof AnswerPointer>;

/** Where answers that may be given again are, by the name of what was asked. */
export interface AnswerStore {
  /** Eventually consistent, in any order; may still give what has expired. No key twice. */
  read(keys: readonly string[]): Promise<Map<string, AnswerPointer>>;
  /** In the place of any other; may be forgotten from then on. */
  put(key: string, pointer: AnswerPointer, untilMs: number): Promise<void>;
}

/** Cost and use per deployment and UTC day: a view, exact figures are in the chunks. */
export type Use = { jobs: number; attempts: number; failures: number; costNanoUsd: number };
export interface UseCounter {
  add(day: string, use: ReadonlyMap<string, Use>): Promise<void>;
  read(day: string): Promise<Map<string, Use>>;
}

/** Which policy version is current, and the documents of all versions. */
export interface PolicyStore {
  current(): Promise<PolicyState | undefined>;
  /** Makes a deploy's version current if no newer deploy has; true when it did. */
  adopt(brought: Brought): Promise<boolean>;
  /** Makes a version current without a deploy; false when what is current is no longer what was `seen`. */
  replace(seen: PolicyState, publication: Publication): Promise<boolean>;
  /** The immutable document of a version. */
  document(version: string): Promise<PolicyDocument | undefined>;
  publish(document: PolicyDocument): Promise<void>;
}

/** Objects under unique keys, written once. */
export interface ObjectStore {
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Undefined when there is no such object. */
  get(key: string): Promise<string | undefined>;
  /** Bytes, from and to inclusive; `ifMatch` is an ETag: `changed` when the object has another. */
  bytes(
    key: string,
    options?: { range?: readonly [number, number]; ifMatch?: string },
  ): Promise<{ kind: "found"; body: AsyncIterable<Uint8Array> } | { kind: "absent" } | { kind: "changed" }>;
  head(key: string): Promise<{ bytes: number; etag: string; metadata: Record<string, string> } | undefined>;
  /** Writes what the stream yields as one object (multipart when large). */
  write(key: string, body: AsyncIterable<string | Uint8Array>, contentType: string): Promise<void>;
  list(prefix: string): AsyncIterable<{ key: string; bytes: number; modifiedAtMs: number }>;
}

export type Outgoing = {
  body: string;
  delaySeconds?: number /** Fair queueing: whose message it is. */;
  group?: string;
};

/** One queue to send to. Throws when a message could not be sent after the client's own retries. */
export interface Queue {
  send(messages: readonly Outgoing[]): Promise<void>;
}

/** The zone's bucket, or the intake bucket for what is not under a lane. */
export type ZoneObjects = Readonly<Record<Zone, ObjectStore>>;
