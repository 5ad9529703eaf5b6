import { readFileSync } from "node:fs";
import * as z from "zod";
import { PolicyDocument } from "../core/configuration/document.ts";

/** The policy that a deploy brings. Generations grow: of two deploys the later has the larger. */
export type BundledPolicy = {
  document: PolicyDocument;
  generation: number;
  /** Of the documents that the functions of this deploy read. */
  format?: string | undefined;
};

const File = z.object({ ...PolicyDocument.shape, generation: z.number(), format: z.string().optional() });

/** Reads `policy.json` beside the bundle; `bundleUrl` is the bundle's `import.meta.url`. Throws when it is not there. */
export function readBundledPolicy(bundleUrl: string): BundledPolicy {
  const { generation, format, ...document } = File.parse(
    JSON.parse(readFileSync(new URL("policy.json", bundleUrl), "utf8")),
  );
  return { document, generation, format };
}
