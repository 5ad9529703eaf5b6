import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { PolicyDocument } from "../core/configuration/document.ts";
import type { Problem } from "../core/configuration/problem.ts";
import { CommandError, wrongUse } from "./errors.ts";
import { countOf } from "./format.ts";
import type { Io } from "./io.ts";

export type LoadedConfiguration = {
  /** As messages name it. */
  shown: string;
  document: PolicyDocument;
  generation: number;
  warnings: Problem[];
};

const example = fileURLToPath(new URL("../../examples/switchyard.yaml", import.meta.url));

/** `--config`, else `switchyard.yaml` in the working directory, else the example configuration of the checkout. */
function configurationPath(given: string | undefined, cwd: string): string {
  if (given !== undefined) return resolve(cwd, given);
  const own = resolve(cwd, "switchyard.yaml");
  return existsSync(own) ? own : example;
}

/** Compiles the configuration; throws CommandError that lists its problems, each with file and line. */
export async function readConfiguration(io: Io, given: string | undefined): Promise<LoadedConfiguration> {
  const { loadConfiguration } = await import("../configuration/load-configuration.ts");
  const path = configurationPath(given, io.cwd);
  const shown = shownPath(path, io.cwd);
  if (!existsSync(path)) throw wrongUse(`There is no configuration ${shown}; name one with --config.`);
  const loaded = await loadConfiguration(path);
  if (loaded.kind === "invalid") throw new ConfigurationError(shown, loaded.problems);
  const { document, generation, warnings } = loaded;
  return { shown, document, generation, warnings };
}

/** A configuration with problems, as `file:line  where: what`. */
export class ConfigurationError extends CommandError {
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    const lines = problems.map((problem) => problemLine(file, problem));
    super(2, `${lines.join("\n")}\n${countOf(problems.length, "problem")} in ${file}.`);
    this.file = file;
    this.problems = problems;
  }
}

/** `switchyard.yaml:12  deployments.gpt-mini.secret: is missing` */
export function problemLine(file: string, { path, line, message }: Problem): string {
  return `${file}:${line}  ${path === "" ? "" : `${path}: `}${message}`;
}

function shownPath(path: string, cwd: string): string {
  const inside = relative(cwd, path);
  return inside.startsWith("..") ? path : inside;
}

/** The region to work in: one of the configuration's, the first without a choice. Throws CommandError for another. */
export function homeRegion({ document, shown }: LoadedConfiguration, given: string | undefined): string {
  const { regions } = document.policy;
  const region = given ?? regions[0] ?? "";
  if (!regions.includes(region))
    throw wrongUse(`${shown} has no stack in ${region}; its regions are ${regions.join(", ")}.`);
  return region;
}
