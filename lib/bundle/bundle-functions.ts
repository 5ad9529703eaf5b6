import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { build } from "esbuild";
import type { PolicyDocument } from "../core/configuration/document.ts";
import { byFunction, type FunctionName, functionNames } from "./function-name.ts";

/** A directory for each function, ready to be zipped or run, and the size of its `index.mjs` in bytes. */
export type Bundles = { directories: Record<FunctionName, string>; bytes: Record<FunctionName, number> };

export type BundleRequest = {
  /** Gets a directory for each function. */
  outDirectory: string;
  /** Goes into each directory as `policy.json`: the policy that the deploy brings. */
  document: PolicyDocument & { generation: number; format?: string };
  /** Where `<function>.ts` are. @default the project's `lambdas/` */
  entryDirectory?: string;
};

const projectRoot = resolve(import.meta.dirname, "../..");

/** Some bundled packages are CommonJS and call `require`, which an ES module does not have. */
const banner = "import{createRequire}from'module';const require=createRequire(import.meta.url);";

/**
 * Bundles every function with one esbuild call, as ES modules for Lambda's Node 24. The same sources give the same bytes,
 * wherever `outDirectory` is: unchanged functions are not deployed again. Throws esbuild's BuildFailure.
 */
export async function bundleFunctions({
  outDirectory,
  document,
  entryDirectory = join(projectRoot, "lambdas"),
}: BundleRequest): Promise<Bundles> {
  // Source maps name their sources relative to the output: a fixed place that is never written keeps them the same.
  const virtualDirectory = join(projectRoot, "bundles");
  const { outputFiles } = await build({
    entryPoints: functionNames.map((name) => ({ in: join(entryDirectory, `${name}.ts`), out: `${name}/index` })),
    absWorkingDir: projectRoot,
    outdir: virtualDirectory,
    outExtension: { ".js": ".mjs" },
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    mainFields: ["module", "main"],
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    banner: { js: banner },
    logLevel: "silent",
  });

  const directories = byFunction((name) => join(outDirectory, name));
  await Promise.all(Object.values(directories).map((directory) => mkdir(directory, { recursive: true })));
  const policy = `${JSON.stringify(document)}\n`;
  await Promise.all([
    ...outputFiles.map(({ path, contents }) =>
      writeFile(join(outDirectory, relative(virtualDirectory, path)), contents),
    ),
    ...Object.values(directories).map((directory) => writeFile(join(directory, "policy.json"), policy)),
  ]);

  const sizes = new Map(outputFiles.map(({ path, contents }) => [relative(virtualDirectory, path), contents.length]));
  return { directories, bytes: byFunction((name) => sizes.get(join(name, "index.mjs")) ?? 0) };
}
