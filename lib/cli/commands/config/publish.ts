import * as z from "zod";
import type { CliCommand } from "../../command.ts";
import { problemLine, readConfiguration } from "../../configuration.ts";
import { addConnectionOptions, ConnectionOptions } from "../../connection/options.ts";
import { parseOptions } from "../../parse-options.ts";
import { whoAsks } from "../../who.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  config: z.string().optional(),
  note: z.string().max(120, "must have at most 120 characters").optional(),
  dryRun: z.boolean().default(false),
  json: z.boolean().default(false),
});

/** `config publish`: makes a configuration current without deploying. */
export const configPublish: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("publish")
    .description("check a configuration and make it current without a deploy, if the stack has all that it needs")
    .option("--config <file>", "configuration (default: switchyard.yaml here, else the example's)")
    .option("--note <text>", 'why, for "config list"')
    .option("--dry-run", "say what would change, or what a deploy is needed for, and change nothing")
    .option("--json", "print {version, made, before, changes: [...], needs: [...]} as JSON")
    .addHelpText(
      "after",
      "\nOne stack is changed: name the others with --region in turn. The next deploy of another configuration comes after it.",
    );
  addConnectionOptions(command).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { document, shown, warnings } = await readConfiguration(io, options.config);
    for (const warning of warnings)
      io.stderr.write(`${io.stderr.style("yellow", "warning")} ${problemLine(shown, warning)}\n`);
    const { connect } = await import("../../connection/connect.ts");
    const { documentFormat } = await import("../../../configuration/document-format.ts");
    const { makeCurrent } = await import("../../policies/make-current.ts");
    const { reportMade } = await import("../../policies/report-made.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const { note, json, dryRun: dry } = options;
      const simulated = connection.target.kind === "local";
      const made = await makeCurrent(
        { document, how: "publish", format: documentFormat(), simulated, dry, by: whoAsks(io), note },
        connection.policies(),
        io.clock(),
      );
      done(reportMade(io, made, { version: document.version, what: shown, simulated, json }));
      const { regions } = document.policy;
      if (made.kind === "made" && !dry && !json && !simulated && regions.length > 1)
        io.stdout.write(`This is one stack of ${regions.join(", ")}: publish to the others with --region.\n`);
    } finally {
      connection.close();
    }
  });
};
