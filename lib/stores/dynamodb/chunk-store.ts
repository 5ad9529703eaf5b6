import type { ChunkApplied, ChunkStore } from "../../core/ports.ts";
import { Chunk, type ChunkEvent } from "../../core/protocol/chunk.ts";
import { refusalOf } from "../../core/protocol/chunk-transition.ts";
import { updateFor } from "../../core/protocol/chunk-update.ts";
import { readItem, updateItem } from "./item.ts";
import type { Key, Table } from "./table.ts";

/** How often an event is tried that the item refused, and would no longer refuse when it was read. */
const triesInRaces = 5;

/** Chunk items, each under a partition key of its own: the busiest items of a batch do not share a partition's limits. */
export function createChunkStore(table: Table): ChunkStore {
  const read = async (id: string): Promise<Chunk | undefined> => {
    const item = await readItem(table, keyOf(id));
    return item === undefined ? undefined : Chunk.parse(item);
  };

  const apply = async (id: string, event: ChunkEvent): Promise<ChunkApplied> => {
    for (let tries = 0; tries < triesInRaces; tries++) {
      const after = await updateItem(table, keyOf(id), updateFor(event));
      if (after !== undefined) return { kind: "applied", chunk: Chunk.parse(after) };
      // The table does not say what it met. Another owner may have moved the item since: then the event may hold now.
      const chunk = await read(id);
      const because = refusalOf(chunk, event);
      if (because !== undefined) return { kind: "refused", because, chunk };
    }
    throw new Error(
      `The chunk ${id} changed ${triesInRaces} times while "${event.type}" was tried; it can be repeated.`,
    );
  };

  return { apply, read };
}

function keyOf(id: string): Key {
  return { pk: `CHUNK#${id}`, sk: "CHUNK" };
}
