import { Option } from "commander";
import * as z from "zod";
import { isPaused, type Pause } from "../../core/cooldown.ts";
import { tiers } from "../../core/names.ts";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import { time } from "../format.ts";
import { printJson } from "../output.ts";
import { parseOptions } from "../parse-options.ts";
import { parseEnd } from "../until.ts";
import { whoAsks } from "../who.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  reason: z.string().max(200, "must have at most 200 characters").optional(),
  for: z.string().optional(),
  until: z.string().optional(),
  json: z.boolean().default(false),
});

/** `pause DEPLOYMENT`: no calls of it from now on, whatever the policy says. */
export const pause: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("pause")
    .description("stop all new calls of a deployment within a second; its jobs go to the next in their chain, or wait")
    .argument("<deployment>", "its name in the configuration")
    .option("--reason <text>", 'why, for "cooldowns"')
    .option("--for <duration>", "how long, such as 30m, 2h or 7d (default: until it is resumed)")
    .addOption(new Option("--until <time>", "until when instead, such as 2026-11-24T08:00Z").conflicts("for"))
    .option("--json", "print {deployment, paused, since, until, reason, tiersWaiting} as JSON");
  addConnectionOptions(command).action(async (name: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const nowMs = io.clock();
    const untilMs = parseEnd(options, nowMs);
    const { connect } = await import("../connection/connect.ts");
    const { checkDeployment } = await import("../cooldowns/known-deployments.ts");
    const { readDocument, readPolicyState } = await import("../policies/open-policies.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const [policies, cooldowns] = [connection.policies(), connection.cooldowns()];
      await checkDeployment(name, policies);
      const by = whoAsks(io);
      const { reason } = options;
      const made: Pause = {
        sinceMs: nowMs,
        ...(untilMs === undefined ? {} : { untilMs }),
        ...(reason === undefined ? {} : { reason }),
        ...(by === undefined ? {} : { by }),
      };
      await cooldowns.pause(name, made);

      const { policy } = await readDocument(policies, (await readPolicyState(policies)).version);
      const standing = await cooldowns.read(Object.keys(policy.deployments));
      const waiting = tiers.filter((tier) => policy.tiers[tier].every(({ use }) => isPaused(standing.get(use), nowMs)));
      const until = untilMs === undefined ? null : new Date(untilMs).toISOString();
      if (options.json)
        printJson(io, {
          deployment: name,
          paused: true,
          since: new Date(nowMs).toISOString(),
          until,
          reason: reason ?? null,
          tiersWaiting: waiting,
        });
      else {
        const end = untilMs === undefined ? `until "npx switchyard resume ${name}"` : `until ${time(untilMs)} UTC`;
        io.stdout.write(
          `${name} is paused ${end}. Calls in flight finish; its other jobs go to the next deployment of their chain, or wait.\n`,
        );
        if (waiting.length > 0)
          io.stdout.write(
            `Every deployment of ${waiting.join(" and ")} is paused now: jobs of that tier wait until their deadline.\n`,
          );
      }
      done(0);
    } finally {
      connection.close();
    }
  });
};
