import type { ChunkStore } from "../ports.ts";
import type { Chunk } from "../protocol/chunk.ts";

/** A chunk and the child chunks that it names, and that those name, each with its id. */
export async function chunkTree(
  id: string,
  chunk: Chunk,
  chunks: Pick<ChunkStore, "read">,
): Promise<{ id: string; chunk: Chunk }[]> {
  const tree = [{ id, chunk }];
  for (const nested of Object.keys(chunk.nested)) {
    const child = await chunks.read(nested);
    if (child !== undefined) tree.push(...(await chunkTree(nested, child, chunks)));
  }
  return tree;
}

/** The shards of a chunk with those of the chunks above it: all ancestors of its own are among them. */
export async function ancestry(chunk: Chunk, chunks: Pick<ChunkStore, "read">): Promise<Chunk["shards"]> {
  const parent = chunk.parent === undefined ? undefined : await chunks.read(chunk.parent);
  return parent === undefined ? chunk.shards : { ...(await ancestry(parent, chunks)), ...chunk.shards };
}
