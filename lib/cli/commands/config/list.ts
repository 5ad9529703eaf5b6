import * as z from "zod";
import { deployedOf, publicationsOf } from "../../../core/configuration/policy-state.ts";
import type { CliCommand } from "../../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../../connection/options.ts";
import { time } from "../../format.ts";
import { printJson, printTable } from "../../output.ts";
import { parseOptions } from "../../parse-options.ts";

const Options = z.object({ ...ConnectionOptions.shape, json: z.boolean().default(false) });

/** `config list`: what was current when, and through what. */
export const configList: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("list")
    .description("list the last policy versions that were current, the newest first")
    .option("--json", "print {current, deployed, versions: [...]} as JSON");
  addConnectionOptions(command).action(async (parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../../connection/connect.ts");
    const { readPolicyState } = await import("../../policies/open-policies.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const state = await readPolicyState(connection.policies());
      const newest = publicationsOf(state).toReversed();
      const deployed = deployedOf(state).version;
      if (options.json)
        printJson(io, {
          current: state.version,
          deployed,
          versions: newest.map(({ atMs, ...rest }, index) => ({
            ...rest,
            at: atMs === undefined ? null : new Date(atMs).toISOString(),
            current: index === 0,
          })),
        });
      else
        printTable(
          io.stdout,
          ["Version", "Since (UTC)", "Through", "By", "Note"].map((title) => ({ title })),
          newest.map(({ version, atMs, how, by = "", note = "" }, index) => [
            index === 0 ? io.stdout.style("bold", `${version} (current)`) : version,
            atMs === undefined ? "–" : time(atMs),
            how,
            by,
            note,
          ]),
        );
      done(0);
    } finally {
      connection.close();
    }
  });
};
