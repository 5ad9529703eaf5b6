import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { synthesize } from "../../lib/constructs/synthesize.ts";
import { documentWith } from "./fixture.ts";

describe("synthesize", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "assembly-"));
  });

  afterAll(() => rm(directory, { recursive: true }));

  it("bundles the functions into an assembly with a template for each region", async () => {
    const assembly = await synthesize({ document: documentWith({}), generation: 1, outDirectory: directory });

    const files = await readdir(assembly);
    expect(files.filter((file) => file.endsWith(".template.json")).sort()).toEqual([
      "Switchyard-eu-central-1.template.json",
      "Switchyard-us-east-1.template.json",
    ]);
    // One for each function; all lanes share one, as all regions do.
    const assets = files.filter((file) => file.startsWith("asset."));
    expect(assets).toHaveLength(6);
    for (const asset of assets) {
      expect(await readdir(join(assembly, asset))).toEqual(["index.mjs", "index.mjs.map", "policy.json"]);
    }
  });
});
