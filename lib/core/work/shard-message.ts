import type { ObjectStore, Outgoing } from "../ports.ts";
import type { ShardMessage } from "../protocol/messages.ts";
import type { Payload } from "../protocol/payload.ts";
import { Payload as PayloadSchema } from "../protocol/payload.ts";
import { decodePick, encodePick } from "../protocol/pick.ts";
import type { Shard } from "../protocol/shard.ts";

/** Longer delays than the queue allows repeat. Source: Amazon SQS quotas, "Delay queue": 15 minutes. */
const longestDelayMs = 900_000;

/** A payload up to this many bytes travels in its message; a larger one is an object. */
export const inlineLimitBytes = 240 * 1024;

/** Bytes of payloads that one invocation holds at once. */
export const mostPayloadBytes = 16 * 1024 * 1024;
const largestPayloadBytes = 8 * 1024 * 1024;

/** Bytes of a message's payload; an object of unknown size is taken to be as large as it may be. */
export function payloadBytesOf({ payload }: ShardMessage): number {
  return payload.kind === "object" ? (payload.bytes ?? largestPayloadBytes) : inlineLimitBytes;
}

/** The message as it is sent; one that waits is delayed, as far as the queue can, and spread a little. */
export function outgoing(message: ShardMessage, nowMs: number, random: number): Outgoing {
  const waitMs = (message.notBeforeMs ?? 0) - nowMs;
  return {
    body: JSON.stringify(message),
    ...(waitMs > 0
      ? { delaySeconds: Math.ceil(Math.min(longestDelayMs, waitMs + random * Math.min(waitMs * 0.1, 2000)) / 1000) }
      : {}),
    ...(message.tenant === undefined ? {} : { group: message.tenant }),
  };
}

/** The message of a shard's child: the same payload, less the jobs that the child has not. */
export function childMessage(parent: ShardMessage, id: string, child: Shard): ShardMessage {
  const { notBeforeMs: _, alone: __, ...common } = parent;
  const rest = child.alone === true ? { ...common, alone: child.alone } : common;
  const picked = decodePick(child.pick ?? "");
  switch (parent.payload.kind) {
    case "gone": {
      // Of an earlier owner's segment that is adopted: its children's bytes are gone as well.
      const { lines } = parent.payload;
      return { ...rest, shard: id, payload: { ...parent.payload, lines: picked.flatMap((at) => lines[at] ?? []) } };
    }
    case "inline":
      return { ...rest, shard: id, payload: { kind: "inline", payload: pickJobs(parent.payload.payload, picked) } };
    case "object": {
      const held = parent.payload.pick === undefined ? undefined : decodePick(parent.payload.pick);
      const indices = held === undefined ? picked : picked.map((index) => held[index] ?? 0);
      const size = (indices.at(-1) ?? 0) + 1;
      return { ...rest, shard: id, payload: { ...parent.payload, pick: encodePick(indices, size) } };
    }
  }
}

/** The jobs that a message brings, ascending by line. Throws when its payload object is gone. */
export async function loadPayload(message: ShardMessage, objects: ObjectStore): Promise<Payload> {
  if (message.payload.kind === "inline") return message.payload.payload;
  if (message.payload.kind === "gone") throw new Error("The payload is gone.");
  const text = await objects.get(message.payload.key);
  if (text === undefined) throw new Error(`The payload ${message.payload.key} is not there.`);
  const whole = PayloadSchema.parse(JSON.parse(text));
  return message.payload.pick === undefined ? whole : pickJobs(whole, decodePick(message.payload.pick));
}

function pickJobs(payload: Payload, indices: readonly number[]): Payload {
  return { ...payload, jobs: indices.flatMap((index) => payload.jobs[index] ?? []) };
}
