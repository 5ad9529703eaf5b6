import type { Batch } from "../../../lib/core/protocol/batch.ts";
import type { Chunk } from "../../../lib/core/protocol/chunk.ts";
import { addCost, addCounts, type CostByDeployment, type Counts, noCounts } from "../../../lib/core/protocol/counts.ts";
import { decodeSegment, type Segment } from "../../../lib/core/protocol/segment.ts";
import { keys } from "../../../lib/core/work/keys.ts";
import { textAt } from "./object-ports.ts";
import type { Stores } from "./stores.ts";
import { Violation } from "./violation.ts";

const segments = new Map<string, Segment>();

/** Throws when what stands in the stores of any state breaks what must always hold. */
export function checkStores(stores: Stores): void {
  const ended = new Map<string, Set<number>>();
  for (const [id, chunk] of Object.entries(stores.chunks)) checkChunk(id, chunk, stores, ended);
  for (const batch of Object.values(stores.batches)) checkBatch(batch, stores);
}

/** One committed segment a closed shard; a chunk counts what they say, and each line ends in at most one of them. */
function checkChunk(id: string, chunk: Chunk, stores: Stores, ended: Map<string, Set<number>>): void {
  let counts: Counts = noCounts;
  let costNanoUsd: CostByDeployment = {};
  for (const [shard, { state, segment: name, zone }] of Object.entries(chunk.shards)) {
    if (state === "open") continue;
    const text = name === undefined ? undefined : textAt(stores[zone], keys.segment(id, shard, name));
    if (text === undefined) throw new Violation(`Shard ${shard} is closed and its segment ${name} is not there.`);
    const segment = segments.get(text) ?? decodeSegment(text);
    segments.set(text, segment);
    counts = addCounts(counts, segment.header.counts);
    costNanoUsd = addCost(costNanoUsd, segment.header.costNanoUsd);
    const root = id.split("~", 1)[0] ?? id;
    const lines = ended.get(root) ?? new Set();
    ended.set(root, lines);
    for (const { line, result } of segment.records) {
      if (result === undefined) continue;
      if (lines.has(line)) throw new Violation(`Line ${line} ends in two committed segments.`);
      lines.add(line);
    }
  }
  for (const [nested, state] of Object.entries(chunk.nested)) {
    const child = stores.chunks[nested];
    if (child === undefined) throw new Violation(`The child chunk ${nested} is named and not there.`);
    if (state === "open") continue;
    counts = addCounts(counts, child.counts);
    costNanoUsd = addCost(costNanoUsd, child.costNanoUsd);
  }
  if (!same(counts, chunk.counts))
    throw new Violation(`Chunk ${id} counts ${said(chunk.counts)}, its segments ${said(counts)}.`);
  if (!same(costNanoUsd, chunk.costNanoUsd)) throw new Violation(`Chunk ${id} does not cost what its segments cost.`);
}

/** A batch counts what its chunks that are done count, each once. */
function checkBatch(batch: Batch, stores: Stores): void {
  let counts: Counts = noCounts;
  let costNanoUsd: CostByDeployment = {};
  for (const number of batch.chunksDone) {
    const chunk = stores.chunks[`${batch.id}/${number}`];
    if (chunk === undefined) throw new Violation(`Chunk ${number} is added and not there.`);
    if (Object.values(chunk.shards).some(({ state }) => state === "open"))
      throw new Violation(`Chunk ${number} is added to its batch and a shard of it is open.`);
    counts = addCounts(counts, chunk.counts);
    costNanoUsd = addCost(costNanoUsd, chunk.costNanoUsd);
  }
  if (!same(counts, batch.counts))
    throw new Violation(`The batch counts ${said(batch.counts)}, its chunks ${said(counts)}.`);
  if (!same(costNanoUsd, batch.costNanoUsd)) throw new Violation("The batch does not cost what its chunks cost.");
  if (batch.state === "running" || batch.state === "planning") return;
  if (batch.state !== "failed" && batch.chunksDone.length !== batch.chunks)
    throw new Violation("The batch is completed and not all of its chunks are done.");
}

/** Throws when one step undid what is done for good. */
export function checkStep(before: Pick<Stores, "chunks" | "batches">, after: Pick<Stores, "chunks" | "batches">): void {
  for (const [id, chunk] of Object.entries(before.chunks))
    for (const [shard, { state, segment, fence }] of Object.entries(chunk.shards)) {
      const now = after.chunks[id]?.shards[shard];
      if (now === undefined) throw new Violation(`Shard ${shard} is gone.`);
      if (now.fence < fence) throw new Violation(`The fence of shard ${shard} went back.`);
      if (state === "closed" && (now.state !== "closed" || now.segment !== segment))
        throw new Violation(`Shard ${shard} was committed twice: segment ${segment}, then ${now.segment}.`);
    }
  for (const [id, { state, completedAtMs, chunksDone, cancelledAtMs, announced }] of Object.entries(before.batches)) {
    const now = after.batches[id];
    if (completedAtMs !== undefined && (now?.completedAtMs !== completedAtMs || now.state !== state))
      throw new Violation("The batch was completed twice.");
    if (chunksDone.some((number) => now?.chunksDone.includes(number) !== true))
      throw new Violation("A chunk that was added is not any more.");
    if (cancelledAtMs !== undefined && now?.cancelledAtMs !== cancelledAtMs)
      throw new Violation("It was cancelled twice.");
    if (announced === true && now?.announced !== true) throw new Violation("The announcement is forgotten.");
  }
}

function same(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((name) => (a[name] ?? 0) === (b[name] ?? 0));
}

function said({ succeeded, failed, cancelled }: Counts): string {
  return `${succeeded} + ${failed} + ${cancelled}`;
}
