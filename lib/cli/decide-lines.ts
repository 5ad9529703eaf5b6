import type { Command } from "commander";
import * as z from "zod";
import { homeRegion, type LoadedConfiguration, readConfiguration } from "./configuration.ts";
import type { Io } from "./io.ts";
import { openInput, requestLines } from "./request-lines.ts";
import { type RoutedLine, routeLines } from "./route-lines.ts";

/** How lines are decided without a stack: by which configuration, and as whose. */
export const DecideOptions = z.object({
  config: z.string().optional(),
  region: z.string().optional(),
  dataClass: z.string().optional(),
  residency: z.string().optional(),
  tenant: z.string().optional(),
});
export type DecideOptions = z.infer<typeof DecideOptions>;

/** Adds the argument and the options of a command that decides lines. */
export function addDecideOptions(command: Command): Command {
  return command
    .argument("<file>", "OpenAI batch lines, one request a line; - for standard input")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--region <region>", "the stack that the lines are sent to (default: the configuration's first region)")
    .option("--data-class <class>", "the batch's: the least sensitive class of every line")
    .option("--residency <name>", "the batch's")
    .option("--tenant <name>", "whose batch it is");
}

/** The lines of a file as the stack of a configuration would decide them. Throws CommandError for what cannot be read. */
export async function decideLines(
  given: string,
  { config, region, dataClass, residency, tenant }: DecideOptions,
  io: Io,
): Promise<{ loaded: LoadedConfiguration; lines: AsyncGenerator<RoutedLine> }> {
  const input = await openInput(given, io);
  const loaded = await readConfiguration(io, config);
  const { createDecider } = await import("../core/decide.ts");
  const { hasTenancy } = await import("../core/tenant.ts");
  const { createRouter } = await import("../core/work/router.ts");
  const { localDetect } = await import("../runtime/detection.ts");
  const { document } = loaded;
  const { policy } = document;
  const decider = createDecider(document, homeRegion(loaded, region));
  const router = createRouter({ document, decider }, io.clock, await localDetect(policy));
  if (tenant === undefined && hasTenancy(policy))
    io.stderr.write(
      "The configuration has tenants: say with --tenant whose lines these are; else no floor of a tenant counts.\n",
    );
  const lines = routeLines(requestLines(input, policy.maxLineBytes), router, { dataClass, residency, tenant });
  return { loaded, lines };
}
