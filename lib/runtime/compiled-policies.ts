import type { PolicyDocument } from "../core/configuration/document.ts";
import { createDecider } from "../core/decide.ts";
import type { Compiled } from "../core/work/hop.ts";
import type { PolicySource } from "./policy-source.ts";

export type CompiledPolicies = {
  current(): Promise<Compiled>;
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
    version: async (version) => compile(await policies.version(version)),
  };
}
