import { chunkId } from "../batch-id.ts";
import type { Batch } from "../protocol/batch.ts";
import { type ReadDeps, readEnded, readPlan } from "./read-chunk.ts";
import type { EndedJob } from "./result-line.ts";

/**
 * The jobs of a batch that have ended so far, in input order, from committed segments only: what is given here stands in
 * the final files as it is. Chunks that are not classified yet are left out.
 */
export async function* readPartial(batch: Batch, deps: ReadDeps): AsyncGenerator<EndedJob> {
  for (let number = 0; number < (batch.chunks ?? Number.POSITIVE_INFINITY); number++) {
    const id = chunkId(batch.id, number);
    const chunk = await deps.chunks.read(id);
    if (chunk !== undefined) yield* readEnded(id, chunk, await readPlan(chunk, deps.intake), deps);
    // While the upload is still being read nobody knows how many chunks there are.
    else if (batch.chunks === undefined) return;
  }
}
