import * as z from "zod";
import { CostByDeployment, Counts } from "./counts.ts";
import { Shard } from "./shard.ts";

/** The item that says which bytes of a chunk count. `forming` and `abandoned` are only of ad-hoc chunks. */
export const Chunk = z.object({
  state: z.enum(["forming", "planned", "abandoned"]),
  /** The batch and the chunk's number in it; neither for an ad-hoc chunk. */
  batch: z.string().optional(),
  number: z.int().nonnegative().optional(),
  /** Of a forming chunk: when its maker is given up, Unix milliseconds. */
  formingUntilMs: z.int().optional(),
  /** Key of the plan object that counts. */
  plan: z.string().optional(),
  policy: z.string().optional(),
  plannedAtMs: z.int().optional(),
  lines: z.int().nonnegative().optional(),
  shards: z.record(z.string(), Shard),
  /** Child chunks: items that hold the children for which this one had no room. */
  nested: z.record(z.string(), z.enum(["open", "done"])).default({}),
  /** Of a child chunk: the chunk that named it. */
  parent: z.string().optional(),
  counts: Counts,
  costNanoUsd: CostByDeployment,
});
export type Chunk = z.infer<typeof Chunk>;

export type ChunkEvent =
  | { type: "form"; formingUntilMs: number }
  | { type: "abandon"; nowMs: number }
  | {
      type: "plan";
      /** Of an ad-hoc chunk: it must still be forming. */
      adHoc: boolean;
      batch?: string;
      number?: number;
      plan: string;
      policy: string;
      plannedAtMs: number;
      lines: number;
      shards: Record<string, Shard>;
      counts: Counts;
    }
  /** Puts a child chunk, before the commit that names it. */
  | { type: "nest"; parent: string; of: Chunk; shards: Record<string, Shard> }
  /** Adds a child chunk that is done to the chunk that named it, once. */
  | { type: "add-nested"; nested: string; counts: Counts; costNanoUsd: CostByDeployment }
  | { type: "claim"; shard: string; nowMs: number; leaseUntilMs: number }
  /** Gives a whole open shard back, as it was or bound for another deployment or time. */
  | { type: "release"; shard: string; fence: number; move?: Move }
  /** Sweep found a shard with no owner for too long and has its message made again. */
  | { type: "repair"; shard: string; fence: number; nowMs: number }
  | {
      type: "commit";
      shard: string;
      fence: number;
      segment: string;
      counts: Counts;
      costNanoUsd: CostByDeployment;
      children: Record<string, Shard>;
      /** The child chunk that holds the children instead. */
      nested?: string;
    };

/** What changes of a shard that is given back. */
export type Move = Partial<Pick<Shard, "deployment" | "round" | "excluded" | "notBeforeMs" | "waitsFor" | "limited">>;
