import { Chunk, type ChunkEvent } from "./chunk.ts";
import { updateFor } from "./chunk-update.ts";
import { applyUpdate, type Item } from "./update.ts";

export type Refusal = "absent" | "exists" | "abandoned" | "planned" | "closed" | "leased" | "fenced";

/** Why an event is refused by the state it met; undefined when it is not. */
export function refusalOf(chunk: Chunk | undefined, event: ChunkEvent): Refusal | undefined {
  switch (event.type) {
    case "form":
      return chunk === undefined ? undefined : "exists";
    case "abandon":
      if (chunk?.state !== "forming") return chunk === undefined ? "absent" : chunk.state;
      return (chunk.formingUntilMs ?? 0) <= event.nowMs ? undefined : "leased";
    case "plan":
      if (chunk === undefined) return event.adHoc ? "absent" : undefined;
      if (chunk.state === "forming") return event.adHoc ? undefined : "exists";
      return chunk.state;
    case "nest":
      return chunk === undefined ? undefined : "exists";
    case "add-nested": {
      const nested = chunk?.nested[event.nested];
      if (nested === undefined) return "absent";
      return nested === "open" ? undefined : "closed";
    }
    case "claim": {
      const shard = chunk?.shards[event.shard];
      if (shard === undefined) return "absent";
      if (shard.state === "closed") return "closed";
      return shard.leaseUntilMs <= event.nowMs ? undefined : "leased";
    }
    case "release":
    case "repair":
    case "commit": {
      const shard = chunk?.shards[event.shard];
      if (shard === undefined) return "absent";
      if (shard.state === "closed") return "closed";
      if (shard.fence !== event.fence) return "fenced";
      return event.type === "repair" && shard.leaseUntilMs > event.nowMs ? "leased" : undefined;
    }
  }
}

/** State and event in, state or refusal out: what every store must do. */
export function transition(
  chunk: Chunk | undefined,
  event: ChunkEvent,
): { kind: "applied"; chunk: Chunk } | { kind: "refused"; because: Refusal } {
  const because = refusalOf(chunk, event);
  if (because !== undefined) return { kind: "refused", because };
  const item: Item | undefined = chunk;
  return { kind: "applied", chunk: Chunk.parse(applyUpdate(item, updateFor(event))) };
}
