import { Command, CommanderError } from "commander";
import manifest from "../../package.json" with { type: "json" };
import { awsFault } from "./aws-fault.ts";
import { CommandError, type ExitCode, messageOf } from "./errors.ts";
import type { Io } from "./io.ts";
import { printJsonLine } from "./output.ts";
import { commands } from "./registry.ts";

const exitCodes = `
Exit codes:
  0  done
  1  the work failed: a batch failed as a whole, or nothing in it succeeded
  2  wrong use or configuration

First steps: npx switchyard run examples/support-desk.jsonl`;

/** Runs one command line (without node and script); resolves to the exit code, having printed whatever was to be said. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command("switchyard")
    .description("Routes batches of LLM requests to the deployments that may see them, on AWS and on this machine.")
    .version(manifest.version, "--version", "print the version")
    .addHelpText("after", exitCodes)
    .helpCommand("help [command]", "show what a command does and takes")
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .showHelpAfterError('(see "switchyard --help", or --help after a command)')
    .exitOverride();
  for (const add of commands) add({ program, io, done: (given) => (code = given) });

  try {
    await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help that was asked for is no error; help because no command was named is.
      const wrong = error.exitCode !== 0;
      if (wrong) documentError(error.message.replace(/^error: /, ""));
      return wrong ? 2 : 0;
    }
    const known = error instanceof CommandError ? error : awsFault(error);
    if (known !== undefined) {
      io.stderr.write(`${known.message}\n`);
      documentError(known.message);
      return known.exitCode;
    }
    // A fault of ours or of the infrastructure: with the stack, for whoever has to find it.
    io.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    documentError(messageOf(error));
    return 1;
  }

  /** Whoever asked for JSON gets a document whatever happens. */
  function documentError(message: string): void {
    if (argv.includes("--json")) printJsonLine(io, { error: { message } });
  }
}
