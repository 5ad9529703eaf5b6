import { createReadStream } from "node:fs";
import { isBlank, splitLines } from "../core/work/lines.ts";
import { findBatchFile } from "./batches/batch-file.ts";
import type { Io } from "./io.ts";

/** A line that is not blank, by its physical number from 1; or why it cannot be read as text. */
export type RequestLine = { number: number } & (
  | { kind: "text"; text: string }
  | { kind: "unreadable"; message: string }
);

/** The bytes of a file, or of standard input for `-`. Throws CommandError for a file that cannot be read. */
export async function openInput(given: string, io: Io): Promise<AsyncIterable<Uint8Array>> {
  if (given === "-") return io.stdin();
  const { path } = await findBatchFile(given, io.cwd);
  return createReadStream(path);
}

/** Lines as they come in; what is held is one line of at most `maxLineBytes`. */
export async function* requestLines(
  input: AsyncIterable<Uint8Array>,
  maxLineBytes: number,
): AsyncGenerator<RequestLine> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const line of splitLines(input, { maxLineBytes, firstLine: 1, firstByte: 0 })) {
    const { number } = line;
    if (line.kind === "oversize") {
      const message = `The line has ${line.size} bytes; at most ${maxLineBytes} are allowed.`;
      yield { number, kind: "unreadable", message };
    } else if (!isBlank(line.bytes)) {
      const text = decode(line.bytes, decoder);
      if (text === undefined)
        yield { number, kind: "unreadable", message: "The line is not valid UTF-8; save the file as UTF-8." };
      else yield { number, kind: "text", text };
    }
  }
}

function decode(bytes: Uint8Array, decoder: InstanceType<typeof TextDecoder>): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
