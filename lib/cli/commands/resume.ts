import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { time } from "../format.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** `resume DEPLOYMENT`: ends a pause. */
export const resume: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("resume")
    .description("end a deployment's pause; jobs that wait for it look again within half a minute")
    .argument("<deployment>", "its name in the configuration")
    .option("--json", "print {deployment, resumed, restsUntil} as JSON");
  addConnectionOptions(command).action(async (name: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const { checkDeployment } = await import("../cooldowns/known-deployments.ts");
    const { availabilityOf } = await import("../../core/cooldown.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const cooldowns = connection.cooldowns();
      const resumed = await cooldowns.resume(name);
      if (!resumed) await checkDeployment(name, connection.policies());
      const standing = (await cooldowns.read([name])).get(name);
      const availability = availabilityOf(standing, io.clock());
      const restsUntilMs = availability.kind === "cooling" ? availability.untilMs : undefined;
      if (options.json) {
        const restsUntil = restsUntilMs === undefined ? null : new Date(restsUntilMs).toISOString();
        printJson(io, { deployment: name, resumed, restsUntil });
      } else {
        io.stdout.write(resumed ? `${name} is no longer paused.\n` : `${name} was not paused.\n`);
        if (restsUntilMs !== undefined)
          io.stdout.write(
            `It rests until ${time(restsUntilMs)} UTC, after failures; "npx switchyard cooldowns clear ${name}" ends that.\n`,
          );
      }
      done(0);
    } finally {
      connection.close();
    }
  });
};
