/** 0 done, 1 the work failed, 2 wrong use or configuration. */
export type ExitCode = 0 | 1 | 2;

/** Ends a command with a message for its user: what is wrong, where, what is allowed, what to do next. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** The command was used wrongly, or its configuration is wrong. */
export function wrongUse(message: string): CommandError {
  return new CommandError(2, message);
}

/** The work itself failed. */
export function workFailed(message: string): CommandError {
  return new CommandError(1, message);
}

/** Whether an error is of the operating system with this code, such as `ENOENT`. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
