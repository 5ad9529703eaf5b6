import type { PolicyDocument } from "../../lib/core/configuration/document.ts";
import type { PolicyStore } from "../../lib/core/ports.ts";

/** Policy versions in memory. */
export function memoryPolicy(): PolicyStore & { documents: Map<string, PolicyDocument> } {
  const documents = new Map<string, PolicyDocument>();
  let current: { version: string; generation: number } | undefined;
  return {
    documents,
    async current() {
      return current;
    },
    async adopt(version, generation) {
      if (current !== undefined && current.generation >= generation) return false;
      current = { version, generation };
      return true;
    },
    async document(version) {
      return documents.get(version);
    },
    async publish(document) {
      documents.set(document.version, document);
    },
  };
}
