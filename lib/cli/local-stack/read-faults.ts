import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type FaultPlan, parseFaults } from "../../local/simulated-providers/fault-plan.ts";
import { ConfigurationError } from "../configuration.ts";
import { messageOf, wrongUse } from "../errors.ts";

/** The faults that the simulated providers are to show. Throws CommandError with file and line of what is wrong. */
export async function readFaults(given: string, cwd: string, deployments: readonly string[]): Promise<FaultPlan> {
  const text = await readFile(resolve(cwd, given), "utf8").catch((error: unknown) => {
    throw wrongUse(`The faults ${given} cannot be read: ${messageOf(error)}`);
  });
  const parsed = parseFaults(text, deployments);
  if (parsed.kind === "invalid") throw new ConfigurationError(given, parsed.problems);
  return parsed.plan;
}
