import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, openSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { LambdaFunction } from "../resources/lambda-function.ts";
import type { Invocation } from "./invocation.ts";
import { FromProcess, type Invoke } from "./messages.ts";

const bootstrap = fileURLToPath(new URL("./bootstrap.ts", import.meta.url));

export type ProcessOptions = {
  definition: LambdaFunction;
  environment: Record<string, string>;
  /** Where stdout and stderr are appended. */
  logFile: string;
  onPeakRss: (bytes: number) => void;
  onInit: (initMs: number) => void;
  /** It takes no more invocations. */
  onExit: () => void;
  /** Whether the process goes on unseen when it is over its time-out. @default it is killed */
  outlives?: ((pid: number) => boolean) | undefined;
};

/** One warm environment of a function: one operating system process, one invocation at a time. */
export type FunctionProcess = {
  readonly pid: number;
  /** Resolves when the handler is loaded, or when the process ended before that. */
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  /** To be called once it is ready, and not again before the invocation has ended. */
  invoke(payload: string): Promise<Invocation>;
  kill(): void;
};

/** Starts a process of the function with the environment that it would have on Lambda, and nothing of this process's but PATH. */
export function startFunctionProcess(options: ProcessOptions): FunctionProcess {
  const { definition } = options;
  const log = openSync(options.logFile, "a");
  const child: ChildProcess = spawn(process.execPath, [...heapLimits(definition.memoryMb), bootstrap], {
    cwd: definition.directory,
    env: options.environment,
    stdio: ["ignore", log, log, "ipc"],
    serialization: "advanced",
    windowsHide: true,
  });
  closeSync(log);

  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let isReady = false;
  let current: { requestId: string; started: number; settle: (invocation: Invocation) => void } | undefined;
  let timedOut = false;
  let exited = false;

  child.on("message", (message: unknown) => {
    const told = FromProcess.parse(message);
    if (told.kind === "ready") {
      isReady = true;
      options.onInit(told.initMs);
      ready.resolve();
      return;
    }
    options.onPeakRss(told.peakRssBytes);
    if (told.requestId !== current?.requestId) return;
    const { durationMs } = told;
    if (told.kind === "returned") current.settle({ kind: "returned", payload: told.payload, durationMs });
    else
      current.settle({
        kind: "failed",
        reason: "error",
        errorType: told.errorType,
        errorMessage: told.errorMessage,
        durationMs,
      });
  });
  function onEnd(how: string): void {
    exited = true;
    const failure = timedOut
      ? ({
          reason: "timeout",
          errorType: "Sandbox.Timedout",
          errorMessage: `Task timed out after ${definition.timeoutSeconds} seconds.`,
        } as const)
      : ({
          reason: isReady ? "crash" : "init",
          errorType: "Runtime.ExitError",
          errorMessage: `The process ended ${how}.`,
        } as const);
    current?.settle({ kind: "failed", ...failure, durationMs: performance.now() - current.started });
    ready.resolve();
    ended.resolve();
    options.onExit();
  }
  child.on("exit", (code, signal) => onEnd(signal === null ? `with exit code ${code}` : `by ${signal}`));
  child.on("error", (error) => {
    // A process that never was has no exit; of any other, one that cannot be spoken to is ended.
    if (child.pid === undefined) onEnd(`before it began: ${error.message}`);
    else child.kill("SIGKILL");
  });

  async function invoke(payload: string): Promise<Invocation> {
    if (exited) {
      const errorMessage = "The process ended while it was starting.";
      return { kind: "failed", reason: "init", errorType: "Runtime.ExitError", errorMessage, durationMs: 0 };
    }
    const result = Promise.withResolvers<Invocation>();
    const requestId = randomUUID();
    current = { requestId, started: performance.now(), settle: result.resolve };
    const timeoutMs = definition.timeoutSeconds * 1000;
    const timer = setTimeout(() => {
      timedOut = true;
      if (options.outlives?.(child.pid ?? 0) === true) onEnd("unseen");
      else child.kill("SIGKILL");
    }, timeoutMs);
    const message: Invoke = { kind: "invoke", requestId, payload, deadlineMs: Date.now() + timeoutMs };
    child.send(message, () => undefined);
    const invocation = await result.promise;
    clearTimeout(timer);
    current = undefined;
    return invocation;
  }

  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended: ended.promise,
    invoke,
    kill: () => void child.kill("SIGKILL"),
  };
}

/** As Lambda's runtime sets them: most of the memory for what lives long, a little for what does not. */
function heapLimits(memoryMb: number): string[] {
  return [
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMb * 0.05))}`,
  ];
}
