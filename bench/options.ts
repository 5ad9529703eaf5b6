import { parseArgs } from "node:util";

const sections = ["decisions", "detection", "throughput", "cost", "limits", "outage", "scale", "bundles"] as const;

export type Options =
  /** `only`: the sections to measure. */
  { kind: "options"; quick: boolean; only: Set<string> } | { kind: "wrong"; message: string };

const usage = `Use: npm run bench -- [--quick] [--only ${sections.join(",")}]`;

/** Reads the command line. */
export function readOptions(args: string[]): Options {
  try {
    const { values } = parseArgs({ args, options: { quick: { type: "boolean" }, only: { type: "string" } } });
    const only = values.only?.split(",").map((name) => name.trim()) ?? [...sections];
    const unknown = only.find((name) => !sections.some((section) => section === name));
    if (unknown === undefined) return { kind: "options", quick: values.quick === true, only: new Set(only) };
    return { kind: "wrong", message: `There is no section "${unknown}". ${usage}` };
  } catch (error) {
    return { kind: "wrong", message: `${error instanceof Error ? error.message : String(error)} ${usage}` };
  }
}
