/**
 * A chunk's item keeps its children up to this size; more go into a child chunk. DynamoDB bills the whole item on every
 * update and holds 400 KB. Source: DESIGN, "The protocol".
 */
export const roomyItemBytes = 100 * 1024;

/** The child chunk of one claim's children: another claim's would have another name. */
export function nestedId(chunk: string, shard: string, fence: number): string {
  return `${chunk}~${shard}~${fence}`;
}

/** The shard whose children a child chunk holds. */
export function nestedOf(id: string): string | undefined {
  return id.split("~").at(-2);
}

/** The chunk of a batch (or of queued jobs) that a child chunk is under, itself for any other. */
export function rootChunk(id: string): string {
  return id.split("~", 1)[0] ?? id;
}
