/** A line of a byte stream as it goes by, without its end; blank ones too. */
export type StreamedLine =
  | { kind: "line"; number: number; bytes: Uint8Array; startByte: number; endByte: number }
  /** Longer than the limit: skipped, never held in memory. */
  | { kind: "oversize"; number: number; size: number; startByte: number; endByte: number };

/**
 * Cuts a byte stream at line feeds. `number` is physical, from `firstLine`; bytes count from `firstByte`, `endByte` is
 * that of the line feed (or the last byte of the stream). Memory is bounded by `maxLineBytes`.
 */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array>,
  options: { maxLineBytes: number; firstLine: number; firstByte: number },
): AsyncGenerator<StreamedLine> {
  let number = options.firstLine;
  let startByte = options.firstByte;
  let position = options.firstByte;
  let parts: Uint8Array[] = [];
  let held = 0;
  let size = 0;

  const take = (endByte: number): StreamedLine => {
    const line: StreamedLine =
      size > options.maxLineBytes
        ? { kind: "oversize", number, size, startByte, endByte }
        : { kind: "line", number, bytes: join(parts, held), startByte, endByte };
    number += 1;
    startByte = endByte + 1;
    parts = [];
    held = 0;
    size = 0;
    return line;
  };
  const hold = (part: Uint8Array) => {
    size += part.length;
    if (size > options.maxLineBytes) {
      parts = [];
      held = 0;
    } else if (part.length > 0) {
      parts.push(part);
      held += part.length;
    }
  };

  for await (const piece of stream) {
    let from = 0;
    for (let feed = piece.indexOf(10); feed >= 0; feed = piece.indexOf(10, from)) {
      hold(piece.subarray(from, feed));
      yield take(position + feed);
      from = feed + 1;
    }
    hold(piece.subarray(from));
    position += piece.length;
  }
  if (size > 0) yield take(position - 1);
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** True for a line of white space only (a byte order mark counts as such): it is counted, not answered. */
export function isBlank(bytes: Uint8Array): boolean {
  const from = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  }
  return true;
}
