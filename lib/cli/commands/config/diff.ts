import * as z from "zod";
import { comparePolicies } from "../../../core/configuration/compare-policies.ts";
import type { CliCommand } from "../../command.ts";
import { readConfiguration } from "../../configuration.ts";
import { addConnectionOptions, ConnectionOptions } from "../../connection/options.ts";
import { printJson } from "../../output.ts";
import { parseOptions } from "../../parse-options.ts";

const Options = z.object({
  ...ConnectionOptions.shape,
  config: z.string().optional(),
  json: z.boolean().default(false),
});

/** `config diff [A] [B]`: what differs between two versions, or between one and the file. */
export const configDiff: CliCommand = ({ program, io, done }) => {
  const command = program
    .command("diff")
    .description("show what differs between two configurations, by their places in the file")
    .argument("[a]", "a version or its beginning, current, deployed, or file", "current")
    .argument("[b]", "the same", "file")
    .option("--config <file>", "the file (default: switchyard.yaml here, else the example's)")
    .option("--json", "print {a, b, changes: [{path, before, after}]} as JSON");
  addConnectionOptions(command).action(async (a: string, b: string, parsed: unknown) => {
    const options = parseOptions(Options, parsed);
    const { connect } = await import("../../connection/connect.ts");
    const { readDocument, readPolicyState, versionMeant } = await import("../../policies/open-policies.ts");
    const { changesJson, printChanges } = await import("../../policies/policy-changes.ts");
    const connection = await connect(io, options, ["table", "policyBucket"]);
    try {
      const store = connection.policies();
      const state = await readPolicyState(store);
      const read = async (typed: string) =>
        typed === "file"
          ? (await readConfiguration(io, options.config)).document
          : readDocument(store, versionMeant(typed, state));
      const [before, after] = [await read(a), await read(b)];
      const changes = comparePolicies(before.policy, after.policy);
      if (options.json) printJson(io, { a: before.version, b: after.version, changes: changesJson(changes) });
      else if (changes.length === 0) io.stdout.write(`${a} and ${b} are the same (policy version ${after.version}).\n`);
      else printChanges(io, changes);
      done(0);
    } finally {
      connection.close();
    }
  });
};
