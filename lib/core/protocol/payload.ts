import * as z from "zod";
import { ChatBody } from "../chat.ts";
import { Capability } from "../configuration/document.ts";
import { FoundInPart } from "../detect/detection.ts";
import { Tier } from "../names.ts";

/** What the hops must know of a job's decision; jobs with the same share one. */
export const PayloadRoute = z.object({
  tier: Tier,
  chain: z.array(z.string()).min(1),
  dataClass: z.string(),
  residency: z.string().optional(),
  needs: z.array(Capability),
  /** All personal data in the texts is known: what must be redacted can be. */
  redactable: z.literal(true).optional(),
  deadlineMs: z.int(),
});
export type PayloadRoute = z.infer<typeof PayloadRoute>;

export const PayloadJob = z.object({
  line: z.int().nonnegative(),
  /** Index of its route. */
  route: z.int().nonnegative(),
  /** Estimated tokens of input and of the longest allowed answer. */
  inputTokens: z.int().nonnegative(),
  maxOutputTokens: z.int().nonnegative(),
  /** What it may cost, with all its attempts. */
  maxCostNanoUsd: z.int().nonnegative().optional(),
  /** It is to be called for, whatever is known. */
  cache: z.literal(false).optional(),
  /** Its owner waits on a reply queue. */
  reply: z.literal(true).optional(),
  /** Personal data in its texts, to be redacted where its class says so. */
  found: z.array(FoundInPart).optional(),
  body: ChatBody,
});
export type PayloadJob = z.infer<typeof PayloadJob>;

/** By the line of a job that runs: the lines that ask for the same, and share its result. */
export const Copies = z.record(z.string(), z.array(z.int()));
export type Copies = z.infer<typeof Copies>;

/** What a record of a job that ended says of its copies. */
export function copiesOf(copies: Copies | undefined, line: number): { copies?: number[] } {
  const own = copies?.[String(line)];
  return own === undefined ? {} : { copies: own };
}

/** The jobs of a root shard, all that a lane gets to see; in ascending order of lines. */
export const Payload = z.object({
  routes: z.array(PayloadRoute),
  jobs: z.array(PayloadJob),
  copies: Copies.optional(),
});
export type Payload = z.infer<typeof Payload>;
