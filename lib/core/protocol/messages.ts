import * as z from "zod";
import { Priority, Zone } from "../names.ts";
import { Copies, Payload } from "./payload.ts";

/** EventBridge's "Object Created", as far as plan reads it; sweep writes the same. */
export const UploadMessage = z.object({
  detail: z.object({ object: z.object({ key: z.string(), etag: z.string() }) }),
});
export type UploadMessage = z.infer<typeof UploadMessage>;

/** From plan (and, to mend, from sweep) to classify: one chunk of a batch to be planned. */
export const ChunkMessage = z.object({
  kind: z.literal("chunk"),
  batch: z.string(),
  number: z.int().nonnegative(),
  /** First and last byte of the chunk in its object. */
  range: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  /** Physical number of its first line, from 1. */
  firstLine: z.int().positive(),
  /** How many lines are not blank. */
  lines: z.int().positive(),
  /** Physical numbers of lines whose `custom_id` an earlier line of the batch has. */
  duplicates: z.array(z.int()),
});
export type ChunkMessage = z.infer<typeof ChunkMessage>;

/** From sweep to classify: a shard whose message is lost, to be made again from plan and input. */
export const RepairMessage = z.object({ kind: z.literal("repair"), chunk: z.string(), shard: z.string() });
export type RepairMessage = z.infer<typeof RepairMessage>;

/** On the chunks queue. */
export const ClassifyMessage = z.discriminatedUnion("kind", [ChunkMessage, RepairMessage]);
export type ClassifyMessage = z.infer<typeof ClassifyMessage>;

/** On a lane's queue and its dead-letter queue. What the shard's state is, the chunk's item says. */
export const ShardMessage = z.object({
  /** 2 with `maxCostNanoUsd`: a lane that does not know about it must not run the shard without. */
  v: z.literal([1, 2]),
  chunk: z.string(),
  shard: z.string(),
  zone: Zone,
  policy: z.string(),
  tenant: z.string().optional(),
  /** @default normal */
  priority: Priority.optional(),
  /** What its whole batch may cost, as its owner said. */
  maxCostNanoUsd: z.int().nonnegative().optional(),
  /** A part of a lost worker's shard: nothing else runs beside it. */
  alone: z.literal(true).optional(),
  /** Not before this Unix time in milliseconds; waits longer than the queue's 15 minutes repeat. */
  notBeforeMs: z.int().optional(),
  payload: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("inline"), payload: Payload }),
    /** An object in the zone's bucket; `pick` says which of its jobs, all without it. */
    z.object({
      kind: z.literal("object"),
      key: z.string(),
      /** Its size, where it is known. */
      bytes: z.int().optional(),
      pick: z.string().optional(),
    }),
    /**
     * Its bytes cannot be had any more, and these lines of the chunk end as `internal`; or its batch was cancelled, and
     * they are not needed any more.
     */
    z.object({
      kind: z.literal("gone"),
      lines: z.array(z.int()),
      copies: Copies.optional(),
      cancelled: z.literal(true).optional(),
    }),
  ]),
});
export type ShardMessage = z.infer<typeof ShardMessage>;

/** On the collect queue: a batch whose chunks are all done, or ad-hoc jobs whose owners wait for a reply. */
export const CollectMessage = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("batch"), batch: z.string() }),
  z.object({ kind: z.literal("reply"), chunk: z.string(), shard: z.string() }),
]);
export type CollectMessage = z.infer<typeof CollectMessage>;
