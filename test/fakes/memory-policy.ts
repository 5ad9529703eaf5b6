import type { PolicyDocument } from "../../lib/core/configuration/document.ts";
import { afterDeploy, afterPublication, type PolicyState } from "../../lib/core/configuration/policy-state.ts";
import type { PolicyStore } from "../../lib/core/ports.ts";

/** Policy versions in memory. */
export function memoryPolicy(clock: () => number = () => 0): PolicyStore & { documents: Map<string, PolicyDocument> } {
  const documents = new Map<string, PolicyDocument>();
  let current: PolicyState | undefined;
  return {
    documents,
    async current() {
      return structuredClone(current);
    },
    async adopt(brought) {
      const next = afterDeploy(current, brought, clock());
      current = next ?? current;
      return next !== undefined;
    },
    async replace(seen, publication) {
      if (current === undefined || current.serial !== seen.serial || current.version !== seen.version) return false;
      current = afterPublication(current, publication);
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
