import { fileURLToPath } from "node:url";
import { loadConfiguration } from "../lib/configuration/load-configuration.ts";
import type { PolicyDocument } from "../lib/core/configuration/document.ts";

/** A configuration, by its path from this directory. Throws with every problem when it is not valid. */
export async function configuration(path: string): Promise<{ document: PolicyDocument; generation: number }> {
  const compiled = await loadConfiguration(fileURLToPath(new URL(path, import.meta.url)));
  if (compiled.kind === "compiled") return compiled;
  const problems = compiled.problems.map(({ line, path: place, message }) => `  line ${line}: ${place}: ${message}`);
  throw new Error(`${path} is not valid:\n${problems.join("\n")}`);
}
