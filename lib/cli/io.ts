import type { WriteStream } from "node:tty";
import type { styleText } from "node:util";

/** Names of colours and weights, as `styleText` of node:util knows them. */
type Style = Extract<Parameters<typeof styleText>[0], string>;

/** Somewhere to write to. */
export type Sink = {
  write(text: string): void;
  /** The terminal behind it, for progress bars; absent when it is a file or a pipe. */
  terminal?: WriteStream;
  /** The text in a colour, on terminals that want colours; else the text as it is. */
  style(style: Style, text: string): string;
};

/** All that a command may touch of the process it runs in. */
export type Io = {
  stdout: Sink;
  stderr: Sink;
  stdin(): AsyncIterable<Uint8Array>;
  env: Readonly<Record<string, string | undefined>>;
  /** The working directory, an absolute path. */
  cwd: string;
  clock: () => number;
  /** Aborts when the user asks the command to stop (Ctrl-C). */
  interrupted: AbortSignal;
};
