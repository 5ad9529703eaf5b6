import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Compiled, compile } from "../core/configuration/compile.ts";
import { providerDescriptors } from "../providers/registry.ts";
import { createDefaultPrice } from "./default-price.ts";

/** What a compiled document depends on besides the file: the packages, and what a document may hold. */
const sources = [
  "../../package-lock.json",
  "../core/configuration/document.ts",
  "../core/names.ts",
  "../core/detect/finding.ts",
].map((path) => fileURLToPath(new URL(path, import.meta.url)));

/**
 * Reads and compiles a configuration file with default prices. `generation` is when the file, the locked packages or the
 * format of documents were changed last, in Unix milliseconds: the newer of two deploys has the greater one. A file that
 * cannot be read is a problem like any other.
 */
export async function loadConfiguration(path: string): Promise<Compiled & { generation: number }> {
  const read = await readFile(path, "utf8").catch(() => undefined);
  if (read === undefined) {
    const message = `There is no readable file ${path}; name another with --config.`;
    return { kind: "invalid", problems: [{ path: "", line: 1, message }], generation: 0 };
  }
  const generation = Math.max(...(await Promise.all([path, ...sources].map(changedAtMs))));
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const deps = {
    providers: providerDescriptors,
    defaultPrice: createDefaultPrice(generation),
    hash,
    nowMs: Date.now(),
  };
  return { ...compile(read, deps), generation };
}

async function changedAtMs(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return Math.floor(found?.mtimeMs ?? 0);
}
