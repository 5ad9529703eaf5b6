import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HashSet } from "../../../lib/core/work/hash-set.ts";
import { isBlank, type StreamedLine, splitLines } from "../../../lib/core/work/lines.ts";

async function linesOf(text: string, pieceBytes: number, maxLineBytes = 1000): Promise<StreamedLine[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield new Uint8Array(bytes.subarray(at, at + pieceBytes));
  }
  const lines: StreamedLine[] = [];
  for await (const line of splitLines(pieces(), { maxLineBytes, firstLine: 1, firstByte: 0 })) lines.push(line);
  return lines;
}

describe("the line splitter", () => {
  it("gives the same lines however the stream is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string()),
        fc.boolean(),
        fc.integer({ min: 1, max: 20 }),
        async (texts, feed, piece) => {
          const lines = texts.map((text) => text.replaceAll("\n", ""));
          const whole = lines.join("\n") + (feed && lines.length > 0 ? "\n" : "");
          const expected = whole === "" ? [] : (whole.endsWith("\n") ? whole.slice(0, -1) : whole).split("\n");

          const found = await linesOf(whole, piece);

          expect(found.map((line) => (line.kind === "line" ? Buffer.from(line.bytes).toString() : "?"))).toEqual(
            expected,
          );
          const bytes = Buffer.from(whole);
          for (const line of found)
            if (line.kind === "line") {
              const own = bytes
                .subarray(line.startByte, line.endByte + 1)
                .toString()
                .replace(/\n$/, "");
              expect(own).toBe(Buffer.from(line.bytes).toString());
            }
        },
      ),
    );
  });

  it("skips a line over the limit without holding it, and goes on after it", async () => {
    const found = await linesOf(`a\n${"x".repeat(5000)}\nb`, 700);

    expect(found.map(({ kind, number }) => `${kind} ${number}`)).toEqual(["line 1", "oversize 2", "line 3"]);
    expect(found[1]).toMatchObject({ size: 5000, startByte: 2, endByte: 5002 });
  });

  it("knows a blank line, with a byte order mark or a carriage return too", () => {
    expect(["", " \t\r", "\ufeff", "\ufeff \r"].map((text) => isBlank(Buffer.from(text)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(isBlank(Buffer.from("{}"))).toBe(false);
  });
});

describe("the set of hashes", () => {
  it("holds what a set of strings would", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 16, maxLength: 16 }), { maxLength: 3000 }), (hashes) => {
        const set = new HashSet();
        const reference = new Set<string>();
        for (const hash of hashes) {
          const key = Buffer.from(hash).toString("hex");
          expect(set.add(hash)).toBe(!reference.has(key));
          reference.add(key);
        }
      }),
    );
  });
});
