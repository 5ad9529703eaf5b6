import * as z from "zod";
import type { CliCommand } from "../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../connection/options.ts";
import type { Standing } from "../cooldowns/standing.ts";
import { workFailed } from "../errors.ts";
import { time } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson, printTable } from "../output.ts";
import { parseOptions } from "../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** `cooldowns` and `cooldowns clear NAME`: which deployments rest or are paused. */
export const cooldowns: CliCommand = ({ program, io, done }) => {
  const group = program
    .command("cooldowns")
    .description("list the deployments that rest after failures or are paused; or end a rest")
    .option("--json", "print {deployments: [...]} as JSON");
  addConnectionOptions(group).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../connection/connect.ts");
    const { knownDeployments } = await import("../cooldowns/known-deployments.ts");
    const { standingOf } = await import("../cooldowns/standing.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const names = await knownDeployments(connection.policies());
      const standing = standingOf(await connection.cooldowns().read(names), io.clock());
      if (options.json) printJson(io, { deployments: standing });
      else printStanding(io, standing);
      done(0);
    } finally {
      connection.close();
    }
  });

  group
    .command("clear")
    .description("end a deployment's rest, after its cause is gone; never a pause")
    .argument("<deployment>", "its name in the configuration")
    .action(async (name: string, _: unknown, command: { optsWithGlobals(): unknown }) => {
      const options = parseOptions(Options, command.optsWithGlobals());
      const { connect } = await import("../connection/connect.ts");
      const { checkDeployment } = await import("../cooldowns/known-deployments.ts");
      const { isPaused } = await import("../../core/cooldown.ts");
      const connection = await connect(io, options, ["table", "policyBucket"]);
      try {
        const store = connection.cooldowns();
        const before = (await store.read([name])).get(name);
        if (before === undefined) await checkDeployment(name, connection.policies());
        const rested = before !== undefined && before.level > 0;
        if (rested && !(await store.clear(name, before.untilMs)))
          throw workFailed(
            `The rest of ${name} changed meanwhile: it ended, or another began. ` +
              '"npx switchyard cooldowns" shows which; clear again if it still rests.',
          );
        const paused = isPaused(before, io.clock());
        if (options.json) printJson(io, { deployment: name, cleared: rested, paused });
        else
          io.stdout.write(
            `${rested ? `The rest of ${name} is over${paused ? "." : ": workers call it within a second."}` : `${name} did not rest.`}` +
              `${paused ? ` It is paused; "npx switchyard resume ${name}" ends that.` : ""}\n`,
          );
        done(0);
      } finally {
        connection.close();
      }
    });
};

function printStanding(io: Io, standing: readonly Standing[]): void {
  if (standing.length === 0) {
    io.stdout.write("Every deployment may be called: none rests and none is paused.\n");
    return;
  }
  const at = (text: string | null) => (text === null ? "–" : time(Date.parse(text)));
  printTable(
    io.stdout,
    [
      ...["Deployment", "State", "Kind", "Since (UTC)", "Until (UTC)"].map((title) => ({ title })),
      { title: "In a row", align: "right" },
      ...["Reason", "By"].map((title) => ({ title })),
    ],
    standing.map(({ deployment, state, kind, since, until, level, reason, by }) => [
      deployment,
      state,
      kind === "paused" ? "" : kind,
      at(since),
      until === null ? "resume" : at(until),
      kind === "paused" ? "" : String(level),
      reason ?? "",
      by ?? "",
    ]),
  );
}
