import { open } from "node:fs/promises";

/** A JSONL file that is written line by line, and flushed in larger pieces. Close it, or its end is missing. */
export type LineWriter = { write(line: string): Promise<void>; close(): Promise<void>; readonly lines: number };

const flushAtCharacters = 256 * 1024;

/** Makes the file, or empties it. */
export async function createLineWriter(path: string): Promise<LineWriter> {
  const file = await open(path, "w");
  let held: string[] = [];
  let size = 0;
  let lines = 0;

  async function flush(): Promise<void> {
    const text = held.join("");
    held = [];
    size = 0;
    await file.appendFile(text);
  }

  return {
    get lines() {
      return lines;
    },
    async write(line) {
      held.push(`${line}\n`);
      size += line.length;
      lines += 1;
      if (size >= flushAtCharacters) await flush();
    },
    async close() {
      try {
        await flush();
      } finally {
        await file.close();
      }
    },
  };
}
