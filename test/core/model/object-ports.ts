import type { ObjectStore } from "../../../lib/core/ports.ts";
import { Interner } from "./interner.ts";
import type { AskStore } from "./ports.ts";
import { withEntry } from "./stores.ts";
import { Violation } from "./violation.ts";

export type ObjectPorts = { intake: ObjectStore; general: ObjectStore; restricted: ObjectStore };

/** The text of every object; stores hold its number. */
export const texts = new Interner<string>();

const etag = '"e"';
const found = new Interner<string | null>();
const listed = new Interner<string[]>();
const nothing = new Interner<null>();

/**
 * Buckets. Whatever is written under a key a second time must be what stands there already.
 * @param audited whether audit records are kept: nothing reads them, and each doubles what is to be looked at
 */
export function createObjectPorts(audited: boolean): (ask: AskStore) => ObjectPorts {
  return (ask) => {
    const bucket = (store: "intake" | "general" | "restricted"): ObjectStore => {
      const get = async (key: string): Promise<string | undefined> =>
        (await ask(
          store,
          `get ${key}`,
          found,
          (content) => ({ answer: textAt(content, key) ?? null, content }),
          (content) => Object.hasOwn(content, key),
        )) ?? undefined;
      const put = async (key: string, text: string): Promise<void> => {
        if (!audited && key.startsWith("audit/")) return;
        const number = texts.of(text);
        await ask(store, `put ${key} ${number}`, nothing, (content) => {
          const standing = content[key];
          if (standing !== undefined && standing !== number)
            throw new Violation(`${key} is written again with another content.`);
          return { answer: null, content: withEntry(content, key, number) };
        });
      };
      return {
        get,
        put: (key, body) => put(key, textOf(body)),
        async bytes(key, { range } = {}) {
          const text = await get(key);
          if (text === undefined) return { kind: "absent" };
          const bytes = Buffer.from(text);
          return { kind: "found", body: once(range === undefined ? bytes : bytes.subarray(range[0], range[1] + 1)) };
        },
        async head(key) {
          const text = await get(key);
          return text === undefined ? undefined : { bytes: Buffer.byteLength(text), etag, metadata: {} };
        },
        async write(key, body) {
          let text = "";
          for await (const piece of body) text += textOf(piece);
          await put(key, text);
        },
        async *list(prefix) {
          const keys = await ask(store, `list ${prefix}`, listed, (content) => ({
            answer: Object.keys(content).filter((key) => key.startsWith(prefix)),
            content,
          }));
          for (const key of keys) yield { key, bytes: 1, modifiedAtMs: 0 };
        },
      };
    };
    return { intake: bucket("intake"), general: bucket("general"), restricted: bucket("restricted") };
  };
}

export function textAt(objects: Readonly<Record<string, number>>, key: string): string | undefined {
  const number = objects[key];
  return number === undefined ? undefined : texts.at(number);
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : Buffer.from(body).toString();
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
