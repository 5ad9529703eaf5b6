import type { WriteStream } from "node:tty";
import { styleText } from "node:util";
import type { Io, Sink } from "./io.ts";

/** A second Ctrl-C sooner than this is the first one again: a terminal, a launcher and npm may each deliver it. */
const sameInterruptMs = 1000;

/** The real process: its streams, environment, directory and signals. */
export function processIo(): Io {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    stdin: () => process.stdin,
    env: process.env,
    cwd: process.cwd(),
    clock: Date.now,
    interrupted: interruptSignal(),
  };
}

function sinkOf(stream: WriteStream): Sink {
  // Who reads has seen enough (`| head`): that is no fault.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  return {
    write: (text) => void stream.write(text),
    ...(stream.isTTY === true ? { terminal: stream } : {}),
    style: (style, text) => styleText(style, text, { stream }),
  };
}

/** Aborts at the first interrupt, so that commands can put things in order; ends the process at a later one. */
function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  let firstMs: number | undefined;
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(name, () => {
      const now = Date.now();
      if (firstMs !== undefined && now - firstMs > sameInterruptMs) process.exit(130);
      firstMs ??= now;
      controller.abort();
    });
  }
  return controller.signal;
}
