import type { ObjectStore } from "../ports.ts";
import { decodeSegment, type Segment } from "../protocol/segment.ts";
import { keys } from "./keys.ts";

/**
 * The newest segment that any owner before `fence` wrote without committing it: its calls were made and paid for, so the
 * next owner commits it as it stands instead of calling again. A first owner has none to look for.
 */
export async function earlierSegment(
  chunk: string,
  shard: string,
  fence: number,
  objects: ObjectStore,
): Promise<{ name: string; segment: Segment } | undefined> {
  if (fence <= 1) return undefined;
  let newest = 0;
  for await (const { key } of objects.list(keys.segment(chunk, shard, "").replace(/\.jsonl$/, ""))) {
    const written = Number(/([0-9]+)\.jsonl$/.exec(key)?.[1] ?? 0);
    if (written < fence) newest = Math.max(newest, written);
  }
  if (newest === 0) return undefined;
  const name = String(newest);
  const text = await objects.get(keys.segment(chunk, shard, name));
  return text === undefined ? undefined : { name, segment: decodeSegment(text) };
}
