import { createHash } from "node:crypto";
import { stringify } from "yaml";
import { compile } from "../../../lib/core/configuration/compile.ts";
import type { PolicyDocument } from "../../../lib/core/configuration/document.ts";
import { providerDescriptors } from "../../../lib/providers/registry.ts";
import { uncovered } from "./oracle.ts";
import { Violation } from "./violation.ts";
import type { Written } from "./written.ts";

/** A configuration as it stands, and the document that the real compiler makes of its text. */
export type CompiledWritten = { written: Written; document: PolicyDocument };

/**
 * Compiles the text of a configuration. One with a class that nobody may see must be refused for it, and is compiled
 * again with `quarantine: true` where that is missing.
 */
export function compileWritten(written: Written, nowMs: number): CompiledWritten {
  const missing = uncovered(written, nowMs);
  const compiled = compileText(written, nowMs);
  if (compiled.kind === "compiled") {
    if (missing.length > 0) throw new Violation(`compiles although nobody may see ${missing.join(", ")}`);
    return { written, document: compiled.document };
  }
  const named = compiled.problems.map(({ path }) => path);
  const expected = missing.map((name) => `dataClasses.${name}`);
  if (named.length === 0 || named.toSorted().join() !== expected.toSorted().join())
    throw new Violation(`does not compile: ${compiled.problems.map(({ path, message }) => `${path}: ${message}`)}`);
  const dataClasses = Object.fromEntries(
    Object.entries(written.dataClasses).map(([name, stated]) => [
      name,
      missing.includes(name) ? { ...stated, quarantine: true } : stated,
    ]),
  );
  return compileWritten({ ...written, dataClasses }, nowMs);
}

function compileText(written: Written, nowMs: number) {
  return compile(stringify(written), {
    providers: providerDescriptors,
    defaultPrice: () => undefined,
    hash: (text) => createHash("sha256").update(text).digest("hex"),
    nowMs,
  });
}
