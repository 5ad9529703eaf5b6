import { type Role, roles } from "./roles.ts";

/** What owners of shards write. */
const ofOwners = [
  "chunk: claim",
  "chunk: release",
  "put segments",
  "chunk: nest",
  "chunk: commit",
  "put audit",
  "put quarantine",
  "send to lane",
  "chunk: add-nested",
  "batch: add-chunk",
  "send to collect",
  "batch: ask-collect",
  "remove open",
  "write limit",
  "write cooldown",
] as const;

/** The first to run from a newer deploy publishes what its bundle carries. */
const ofPublishers = ["put policies", "write policy"] as const;

/**
 * Every write of each kind of function. Before and after each of them it may be killed: a write that is not here is one
 * that nobody has thought about, and fails the test.
 */
export const writesOf: Readonly<Record<Role, readonly string[]>> = {
  plan: [
    ...ofPublishers,
    "write open",
    "batch: create",
    "write batches",
    "send to chunks",
    "put chunk index",
    "batch: planned",
    "batch: fail",
    "send to collect",
    "batch: ask-collect",
  ],
  classify: [
    ...ofPublishers,
    "write open",
    "chunk: form",
    "put jobs",
    "write job",
    "put payloads",
    "put segments",
    "put plans",
    "chunk: plan",
    "put audit",
    "put quarantine",
    "send to lane",
    "chunk: add-nested",
    "batch: add-chunk",
    "send to collect",
    "batch: ask-collect",
    "chunk: abandon",
    "remove open",
  ],
  invoke: [...ofOwners, "send to fallback", "write budget", "write answer", "put cache", "write use", "write latency"],
  fallback: [...ofOwners, "write budget"],
  collect: [
    "put output.jsonl",
    "put errors.jsonl",
    "put manifest.json",
    "batch: end",
    "batch: complete",
    "announce",
    "notify",
    "batch: announced",
    "remove open",
    "put reply",
    "send to reply",
  ],
  sweep: [
    ...ofPublishers,
    "chunk: repair",
    "send to chunks",
    "send to uploads",
    "send to collect",
    "batch: ask-collect",
    "batch: recount",
    "write budget",
    "batch: add-chunk",
    "chunk: add-nested",
    "chunk: abandon",
    "remove open",
  ],
};

/** Where a function may stop: `invoke: chunk: commit` is before or after the commit of a lane's worker. */
export const commitPoints: readonly string[] = roles.flatMap((role) =>
  writesOf[role].map((write) => `${role}: ${write}`),
);
