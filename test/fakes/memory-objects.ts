import { createHash } from "node:crypto";
import type { ObjectStore } from "../../lib/core/ports.ts";

export type MemoryObject = { body: Uint8Array; etag: string; modifiedAtMs: number; metadata: Record<string, string> };

/** Objects in memory; `seed` puts one with user metadata, as an uploader would. */
export function memoryObjects(clock: () => number = () => 0): ObjectStore & {
  items: Map<string, MemoryObject>;
  seed(key: string, body: string | Uint8Array, metadata?: Record<string, string>): string;
} {
  const items = new Map<string, MemoryObject>();
  const seed = (key: string, body: string | Uint8Array, metadata: Record<string, string> = {}): string => {
    const bytes = Buffer.from(body);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    items.set(key, { body: bytes, etag, modifiedAtMs: clock(), metadata });
    return etag;
  };
  const textOf = (key: string): string | undefined => {
    const found = items.get(key);
    return found === undefined ? undefined : Buffer.from(found.body).toString("utf8");
  };
  return {
    items,
    seed,
    async put(key, body) {
      seed(key, body);
    },
    async get(key) {
      return textOf(key);
    },
    async bytes(key, { range, ifMatch } = {}) {
      const found = items.get(key);
      if (found === undefined) return { kind: "absent" };
      if (ifMatch !== undefined && bare(ifMatch) !== bare(found.etag)) return { kind: "changed" };
      const body = range === undefined ? found.body : found.body.subarray(range[0], range[1] + 1);
      return { kind: "found", body: piecewise(body) };
    },
    async head(key) {
      const found = items.get(key);
      return found === undefined
        ? undefined
        : { bytes: found.body.length, etag: found.etag, metadata: { ...found.metadata } };
    },
    async write(key, body) {
      const parts: Buffer[] = [];
      for await (const part of body) parts.push(Buffer.from(part));
      seed(key, Buffer.concat(parts));
    },
    async *list(prefix) {
      for (const key of [...items.keys()].filter((name) => name.startsWith(prefix)).sort()) {
        const found = items.get(key);
        if (found !== undefined) yield { key, bytes: found.body.length, modifiedAtMs: found.modifiedAtMs };
      }
    },
  };
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}

/** In pieces that cut lines and characters apart, as a network does. */
async function* piecewise(body: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < body.length; at += 1021) yield body.slice(at, at + 1021);
}
