import type { ExitCode } from "../errors.ts";
import { countOf } from "../format.ts";
import type { Io } from "../io.ts";
import { printJson } from "../output.ts";
import type { MadeCurrent } from "./make-current.ts";
import { changesJson, printChanges } from "./policy-changes.ts";

/** Says what became of a publication or a rollback; the exit code. `what` is as the sentence begins: a file or a version. */
export function reportMade(
  io: Io,
  made: MadeCurrent,
  { version, what, simulated, json }: { version: string; what: string; simulated: boolean; json: boolean },
): ExitCode {
  switch (made.kind) {
    case "unchanged":
      if (json) printJson(io, { version, made: false, changes: [], needs: [] });
      else io.stdout.write(`${what} is current already, as policy version ${version}.\n`);
      return 0;
    case "refused": {
      const needs = made.needs.map(({ path, message }) => `  ${path === "" ? "" : `${path}: `}${message}`);
      const how = simulated ? 'Stop "npx switchyard local" and start it again' : "Deploy it (npx cdk deploy)";
      io.stderr.write(
        `${what} was not made current: it needs what the stack does not have. ${how}.\n${needs.join("\n")}\n`,
      );
      if (json) printJson(io, { version, made: false, changes: [], needs: made.needs });
      return 2;
    }
    case "made":
      if (json) {
        printJson(io, {
          version,
          made: !made.dry,
          before: made.before,
          changes: changesJson(made.changes),
          needs: [],
        });
        return 0;
      }
      printChanges(io, made.changes);
      io.stdout.write(
        made.dry
          ? `${what} can be made current without a deploy: ${countOf(made.changes.length, "difference")}. Nothing was changed.\n`
          : `${what} is current, as policy version ${version} (before: ${made.before}). Every function goes by it within ` +
              "30 seconds; batches that run keep theirs, and may lose deployments but gain none.\n",
      );
      return 0;
  }
}
