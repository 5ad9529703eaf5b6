import type { PolicyDocument } from "../core/configuration/document.ts";
import { createDecider } from "../core/decide.ts";
import type { Compiled } from "../core/work/hop.ts";
import type { PolicySource } from "./policy-source.ts";

export type CompiledPolicies = {
  current(): Promise<Compiled>;
  /** What was current when it was last looked up; looks again behind the caller's back when that is 30 s ago. */
  latest(): Compiled;
  /** Throws when the version was never published. */
  version(version: string): Promise<Compiled>;
};

/** Policies with their deciders, each compiled once by a worker. */
export function compilePolicies(policies: PolicySource, homeRegion: string): CompiledPolicies {
  const compiled = new WeakMap<PolicyDocument, Compiled>();
  const compile = (document: PolicyDocument): Compiled => {
    const known = compiled.get(document) ?? { document, decider: createDecider(document, homeRegion) };
    compiled.set(document, known);
    return known;
  };
  return {
    current: async () => compile(await policies.current()),
    latest() {
      // A look that fails is repeated by the next to ask, and reported by the next who waits for one.
      policies.current().catch(() => undefined);
      return compile(policies.latest());
    },
    version: async (version) => compile(await policies.version(version)),
  };
}
