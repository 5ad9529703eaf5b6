import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import type { Bundles } from "../../lib/bundle/bundle-functions.ts";
import { byFunction } from "../../lib/bundle/function-name.ts";
import { addStacks, createUncheckedApp } from "../../lib/constructs/app.ts";
import type { Policy } from "../../lib/core/configuration/document.ts";
import { documentWith } from "./fixture.ts";

const Resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
const Template = z.object({
  Resources: z.record(z.string(), Resource),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown() })),
});

/** A synthesized stack, with every reference written out as text: `<Queue.Arn>`, `<AWS::Partition>`. */
export type Synthesized = {
  bytes: number;
  outputs: Record<string, unknown>;
  resources: { id: string; type: string; properties: Record<string, unknown>; deletionPolicy: string | undefined }[];
};

/** Synthesizes the stacks of a policy, with a placeholder for each function's bundle; by stack name. */
export function synthesizeStacks(parts: Partial<Policy> = {}, retain = true): Map<string, Synthesized> {
  const directory = mkdtempSync(join(tmpdir(), "stacks-"));
  try {
    const { policy } = documentWith(parts);
    const app = createUncheckedApp(join(directory, "assembly"));
    addStacks(app, { policy, bundles: placeholderBundles(directory), retain });
    return new Map(
      app.synth().stacks.map(({ stackName, templateFullPath }) => [stackName, readStack(templateFullPath)]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export function placeholderBundles(directory: string): Bundles {
  const directories = byFunction((name) => join(directory, "bundles", name));
  for (const [name, path] of Object.entries(directories)) {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "index.mjs"), `export const handler = async () => "${name}";\n`);
  }
  return { directories, bytes: byFunction(() => 0) };
}

export function stack(stacks: Map<string, Synthesized>, name: string): Synthesized {
  const found = stacks.get(name);
  if (found === undefined) throw new Error(`There is no stack ${name}, only ${[...stacks.keys()].join(", ")}.`);
  return found;
}

function readStack(path: string): Synthesized {
  const text = readFileSync(path, "utf8");
  const { Resources, Outputs } = Template.parse(JSON.parse(text));
  return {
    bytes: text.length,
    outputs: Object.fromEntries(Object.entries(Outputs).map(([id, { Value }]) => [id, written(Value)])),
    resources: Object.entries(Resources).map(([id, { Type, Properties, DeletionPolicy }]) => ({
      id,
      type: Type,
      properties: z.record(z.string(), z.unknown()).parse(written(Properties)),
      deletionPolicy: DeletionPolicy,
    })),
  };
}

const Reference = z.strictObject({ Ref: z.string() });
const Attribute = z.strictObject({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) });
const Join = z.strictObject({ "Fn::Join": z.tuple([z.string(), z.array(z.unknown())]) });

function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (typeof value !== "object" || value === null) return value;
  const reference = Reference.safeParse(value);
  if (reference.success) return `<${reference.data.Ref}>`;
  const attribute = Attribute.safeParse(value);
  if (attribute.success) return `<${attribute.data["Fn::GetAtt"].join(".")}>`;
  const join = Join.safeParse(value);
  if (join.success) return join.data["Fn::Join"][1].map((part) => String(written(part))).join(join.data["Fn::Join"][0]);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, written(part)]));
}
