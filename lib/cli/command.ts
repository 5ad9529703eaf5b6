import type { Command } from "commander";
import type { ExitCode } from "./errors.ts";
import type { Io } from "./io.ts";

/** What a command is given to add itself to the CLI. */
type CommandSetup = {
  program: Command;
  io: Io;
  /** Says how the command ended; until it is called the exit code is 0. */
  done(code: ExitCode): void;
};

/** Adds one command: describes it to the parser, and acts. A command ends early by throwing a CommandError. */
export type CliCommand = (setup: CommandSetup) => void;
