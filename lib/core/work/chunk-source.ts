import type { ObjectStore } from "../ports.ts";
import type { Batch } from "../protocol/batch.ts";
import type { ChunkMessage } from "../protocol/messages.ts";
import { keys } from "./keys.ts";
import { isBlank, splitLines } from "./lines.ts";

/** A line of a chunk as text, or why it is none. Blank lines are not among them. */
export type SourceLine = { number: number } & (
  | { kind: "text"; text: string }
  | { kind: "unreadable"; message: string }
);

/** The lines of one chunk of a batch; `undefined` when the upload was replaced or removed since. */
export async function batchLines(
  message: ChunkMessage,
  batch: Batch,
  intake: ObjectStore,
  maxLineBytes: number,
): Promise<AsyncIterable<SourceLine> | undefined> {
  const found = await intake.bytes(batch.key, { range: message.range, ifMatch: batch.etag });
  return found.kind === "found" ? decode(found.body, message, maxLineBytes) : undefined;
}

/** The lines of an ad-hoc chunk: the messages of its jobs, a line each. */
export async function adHocLines(
  chunk: string,
  intake: ObjectStore,
  maxLineBytes: number,
): Promise<AsyncIterable<SourceLine> | undefined> {
  const found = await intake.bytes(keys.jobs(chunk));
  return found.kind === "found" ? decode(found.body, { firstLine: 1, range: [0] }, maxLineBytes) : undefined;
}

async function* decode(
  body: AsyncIterable<Uint8Array>,
  from: { firstLine: number; range: readonly [number, ...number[]] },
  maxLineBytes: number,
): AsyncGenerator<SourceLine> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const line of splitLines(body, { maxLineBytes, firstLine: from.firstLine, firstByte: from.range[0] })) {
    if (line.kind === "oversize") {
      const message = `The line has ${line.size} bytes; at most ${maxLineBytes} are allowed (maxLineBytes).`;
      yield { number: line.number, kind: "unreadable", message };
    } else if (!isBlank(line.bytes)) yield { number: line.number, ...decodeText(line.bytes, decoder) };
  }
}

function decodeText(
  bytes: Uint8Array,
  decoder: InstanceType<typeof TextDecoder>,
): { kind: "text"; text: string } | { kind: "unreadable"; message: string } {
  try {
    return { kind: "text", text: decoder.decode(bytes) };
  } catch {
    return { kind: "unreadable", message: "The line is not valid UTF-8; save the file as UTF-8." };
  }
}
