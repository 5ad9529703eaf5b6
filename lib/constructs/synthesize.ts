import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App } from "aws-cdk-lib";
import { bundleFunctions } from "../bundle/bundle-functions.ts";
import { documentFormat } from "../configuration/document-format.ts";
import type { PolicyDocument } from "../core/configuration/document.ts";
import { addStacks, createUncheckedApp } from "./app.ts";

export type SynthesizeRequest = {
  document: PolicyDocument;
  /** Orders deploys: the functions publish their document when its generation is newer than the current one's. */
  generation: number;
  /** For the cloud assembly. */
  outDirectory: string;
};

/**
 * Bundles the functions and synthesizes a stack per region, without the checks that `cdk synth` makes; the assembly's
 * directory. Needs no credentials. Throws esbuild's BuildFailure.
 */
export async function synthesize({ outDirectory, ...request }: SynthesizeRequest): Promise<string> {
  return synthesizeApp(createUncheckedApp(outDirectory), { ...request, retain: true });
}

/** The same into an app that is there already. */
export async function synthesizeApp(
  app: App,
  { document, generation, retain }: Omit<SynthesizeRequest, "outDirectory"> & { retain: boolean },
): Promise<string> {
  // CDK copies the bundles into the assembly, under their hash.
  const bundleDirectory = await mkdtemp(join(tmpdir(), "switchyard-bundles-"));
  try {
    const brought = { ...document, generation, format: documentFormat() };
    const bundles = await bundleFunctions({ outDirectory: bundleDirectory, document: brought });
    addStacks(app, { policy: document.policy, bundles, retain });
    return app.synth().directory;
  } finally {
    await rm(bundleDirectory, { recursive: true, force: true });
  }
}
