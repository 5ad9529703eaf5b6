import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import * as z from "zod";
import { Template, TemplateError } from "./template/template.ts";

const Manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.looseObject({
      type: z.string(),
      environment: z.string().optional(),
      properties: z
        .looseObject({
          templateFile: z.string().optional(),
          stackName: z.string().optional(),
          file: z.string().optional(),
        })
        .optional(),
      dependencies: z.array(z.string()).default([]),
    }),
  ),
});

const AssetManifest = z.object({
  files: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ path: z.string().optional() }),
        destinations: z.record(z.string(), z.looseObject({ objectKey: z.string() })),
      }),
    )
    .default({}),
});

/** One stack of a synthesized CDK assembly. */
export type Assembly = {
  region: string;
  template: Template;
  /** Asset directories by the object key under which CloudFormation would find them. */
  assets: Map<string, string>;
};

/** Reads one stack of a `cdk.out` directory; throws TemplateError, listing the stacks there are, when it is not one of them. */
export async function readAssembly(directory: string, stackName: string): Promise<Assembly> {
  const { artifacts } = Manifest.parse(await readJson(resolve(directory, "manifest.json")));
  const stacks = Object.entries(artifacts).filter(([, { type }]) => type === "aws:cloudformation:stack");
  const found = stacks.find(([id, { properties }]) => (properties?.stackName ?? id) === stackName);
  if (found === undefined) {
    const known = stacks.map(([id, { properties }]) => properties?.stackName ?? id).join(", ") || "none";
    throw new TemplateError(`There is no stack ${stackName} in ${directory}. There are: ${known}.`);
  }
  const [, stack] = found;
  const region = stack.environment?.split("/").at(-1);
  if (region === undefined || region === "unknown-region") {
    throw new TemplateError(`Stack ${stackName} has no region of its own. Give the stack an explicit env.region.`);
  }

  const assets = new Map<string, string>();
  for (const dependency of stack.dependencies) {
    const file =
      artifacts[dependency]?.type === "cdk:asset-manifest" ? artifacts[dependency].properties?.file : undefined;
    if (file === undefined) continue;
    const { files } = AssetManifest.parse(await readJson(resolve(directory, file)));
    for (const { source, destinations } of Object.values(files)) {
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, resolve(directory, source.path));
    }
  }
  const template = Template.parse(await readJson(resolve(directory, stack.properties?.templateFile ?? "")));
  return { region, template, assets };
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}
