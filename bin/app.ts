import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { loadConfiguration } from "../lib/configuration/load-configuration.ts";
import { checkWithNag, createApp, textContext } from "../lib/constructs/app.ts";
import { synthesizeApp } from "../lib/constructs/synthesize.ts";
import type { Problem } from "../lib/core/configuration/problem.ts";

/** What `cdk` runs: `-c config=FILE` (or SWITCHYARD_CONFIG) names the configuration, `-c removal=destroy` is for throw-away stacks. */
const root = resolve(import.meta.dirname, "..");
const app = createApp();
const path = textContext(app, "config") ?? process.env.SWITCHYARD_CONFIG ?? defaultPath();
const removal = textContext(app, "removal") ?? "retain";
const configuration = await loadConfiguration(path);

if (removal !== "retain" && removal !== "destroy") {
  console.error(
    `-c removal=${removal} is not known. Write -c removal=destroy, or leave it out: data outlives the stack.`,
  );
  process.exitCode = 2;
} else if (configuration.kind === "invalid") {
  print("error", configuration.problems);
  process.exitCode = 2;
} else {
  const { document, generation, warnings } = configuration;
  print("warning", warnings);
  await checkWithNag(app);
  await synthesizeApp(app, { document, generation, retain: removal === "retain" });
}

function defaultPath(): string {
  const own = join(root, "switchyard.yaml");
  return existsSync(own) ? own : join(root, "examples/switchyard.yaml");
}

function print(severity: "error" | "warning", problems: readonly Problem[]): void {
  for (const { path: place, line, message } of problems) {
    console.error(`${path}:${line}: ${severity}: ${place === "" ? "" : `${place}: `}${message}`);
  }
}
