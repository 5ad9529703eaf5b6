import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFunctions } from "../../lib/bundle/bundle-functions.ts";
import { functionNames } from "../../lib/bundle/function-name.ts";
import { documentWith } from "../constructs/fixture.ts";

describe("bundleFunctions", () => {
  let directory: string;
  let entryDirectory: string;
  const document = { ...documentWith({}), generation: 7 };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "bundles-"));
    entryDirectory = join(directory, "lambdas");
    await mkdir(entryDirectory);
    for (const name of functionNames) {
      const source = `import cjs from "./common.cjs"; export const handler = async (): Promise<string> => "${name} " + cjs;`;
      await writeFile(join(entryDirectory, `${name}.ts`), source);
    }
    await writeFile(join(entryDirectory, "common.cjs"), `module.exports = require("node:path").sep;`);
  });

  afterAll(() => rm(directory, { recursive: true }));

  it("gives each function a directory with its module, its source map and the policy", async () => {
    const { directories, bytes } = await bundleFunctions({
      outDirectory: join(directory, "a"),
      document,
      entryDirectory,
    });

    for (const name of functionNames) {
      expect(await readdir(directories[name])).toEqual(["index.mjs", "index.mjs.map", "policy.json"]);
      expect(JSON.parse(await readFile(join(directories[name], "policy.json"), "utf8"))).toEqual(document);
      expect(bytes[name]).toBe((await readFile(join(directories[name], "index.mjs"))).length);
    }
  });

  it("makes ES modules that can load CommonJS packages which call require", async () => {
    const { directories } = await bundleFunctions({ outDirectory: join(directory, "b"), document, entryDirectory });

    const module = await import(pathToFileURL(join(directories.plan, "index.mjs")).href);

    expect(await module.handler()).toMatch(/^plan [/\\]$/);
  });

  it("gives the same bytes wherever they are written", async () => {
    const first = await bundleFunctions({ outDirectory: join(directory, "c"), document, entryDirectory });
    const second = await bundleFunctions({ outDirectory: join(directory, "deeper/d"), document, entryDirectory });

    for (const name of functionNames) {
      for (const file of ["index.mjs", "index.mjs.map", "policy.json"]) {
        const bytes = await readFile(join(first.directories[name], file));
        expect(bytes.equals(await readFile(join(second.directories[name], file)))).toBe(true);
      }
    }
  });
});
