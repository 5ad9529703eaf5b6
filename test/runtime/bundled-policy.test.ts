import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readBundledPolicy } from "../../lib/runtime/bundled-policy.ts";
import { policyDocument } from "../fakes/policy-document.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "bundle-"));
});
afterEach(() => rm(directory, { recursive: true }));

describe("the policy of a bundle", () => {
  it("stands beside it", async () => {
    const document = policyDocument("v1");
    await writeFile(join(directory, "policy.json"), JSON.stringify({ ...document, generation: 1_764_000_000 }));

    const bundled = readBundledPolicy(pathToFileURL(join(directory, "index.mjs")).href);

    expect(bundled).toEqual({ document, generation: 1_764_000_000 });
  });

  it("that is missing is an error", () => {
    expect(() => readBundledPolicy(pathToFileURL(join(directory, "index.mjs")).href)).toThrow("policy.json");
  });
});
