import * as z from "zod";
import type { Policy } from "../../core/configuration/document.ts";
import { eligibility } from "../../core/eligibility.ts";
import { tiers } from "../../core/names.ts";
import type { CliCommand } from "../command.ts";
import { ConfigurationError, type LoadedConfiguration, problemLine, readConfiguration } from "../configuration.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ config: z.string().optional(), json: z.boolean().default(false) });

/** `validate`: checks a configuration without calling anything. */
export const validate: CliCommand = ({ program, io, done }) => {
  program
    .command("validate")
    .description("check a configuration and show which deployments each data class may use; calls nothing")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--json", "print {valid, file, policyVersion, problems, warnings} as JSON")
    .action(async (parsed: unknown) => {
      const options = parseOptions(Options, parsed);
      try {
        const loaded = await readConfiguration(io, options.config);
        if (options.json)
          printJson(io, {
            valid: true,
            file: loaded.shown,
            policyVersion: loaded.document.version,
            problems: [],
            warnings: loaded.warnings,
          });
        else printSummary(io, loaded);
        done(0);
      } catch (error) {
        if (!(error instanceof ConfigurationError && options.json)) throw error;
        printJson(io, { valid: false, file: error.file, problems: error.problems, warnings: [] });
        io.stderr.write(`${error.message}\n`);
        done(2);
      }
    });
};

function printSummary(io: Io, { shown, document, warnings }: LoadedConfiguration): void {
  const { policy, version } = document;
  for (const warning of warnings)
    io.stderr.write(`${io.stderr.style("yellow", "warning")} ${problemLine(shown, warning)}\n`);
  io.stdout.write(
    `${shown} is valid: ${countOf(Object.keys(policy.deployments).length, "deployment")}, ` +
      `${countOf(policy.regions.length, "region")} (${policy.regions.join(", ")}), policy version ${version}.\n`,
  );
  printTable(
    io.stdout,
    [{ title: "Data class" }, { title: "Zone" }, ...tiers.map((tier) => ({ title: tier }))],
    policy.dataClasses.map((dataClass) => [
      dataClass.name,
      dataClass.zone,
      ...tiers.map((tier) => chainText(policy, tier, dataClass, io.clock())),
    ]),
  );
}

function chainText(
  policy: Policy,
  tier: (typeof tiers)[number],
  dataClass: Policy["dataClasses"][number],
  nowMs: number,
): string {
  const deployments = policy.tiers[tier].flatMap(({ use }) => policy.deployments[use] ?? []);
  const { eligible } = eligibility(deployments, {
    dataClass,
    residency: undefined,
    needs: { capabilities: [] },
    nowMs,
    redactable: true,
  });
  return eligible.join("\n") || "none";
}
