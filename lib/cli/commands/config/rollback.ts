import * as z from "zod";
import { previousOf } from "../../../core/configuration/policy-state.ts";
import type { CliCommand } from "../../command.ts";
import { addConnectionOptions, ConnectionOptions } from "../../connection/options.ts";
import { workFailed } from "../../errors.ts";
import { parseOptions } from "../../parse-options.ts";
import { whoAsks } from "../../who.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  note: z.string().max(120, "must have at most 120 characters").optional(),
  json: z.boolean().default(false),
});

/** `config rollback [VERSION]`: makes an earlier version current again. */
export const configRollback: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("rollback")
    .description("make the version before the current one, or a named one, current again")
    .argument("[version]", 'a version of "config list" or its beginning, or deployed (default: the one before)')
    .option("--note <text>", 'why, for "config list"')
    .option("--json", "print {version, made, before, changes: [...], needs: [...]} as JSON");
  addConnectionOptions(command).action(async (typed: string | undefined, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../../connection/connect.ts");
    const { makeCurrent } = await import("../../policies/make-current.ts");
    const { readDocument, readPolicyState, versionMeant } = await import("../../policies/open-policies.ts");
    const { reportMade } = await import("../../policies/report-made.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const store = connection.policies();
      const state = await readPolicyState(store);
      const version = typed === undefined ? previousOf(state) : versionMeant(typed, state);
      if (version === undefined)
        throw workFailed(`There is no version before ${state.version}: nothing else was ever current here.`);
      const document = await readDocument(store, version);
      const { note, json } = options;
      const simulated = connection.target.kind === "local";
      const made = await makeCurrent(
        { document, how: "rollback", simulated, dry: false, by: whoAsks(io), note },
        store,
        io.clock(),
      );
      done(reportMade(io, made, { version, what: version, simulated, json }));
    } finally {
      connection.close();
    }
  });
};
