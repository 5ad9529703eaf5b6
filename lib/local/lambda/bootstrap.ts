import { existsSync, readFileSync } from "node:fs";
import { flushCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Context, Handler } from "aws-lambda";
import type { FromProcess, Invoke } from "./messages.ts";

// Runs in the function's own process as Lambda's runtime does: loads the handler, then takes one invocation at a time.
// It imports nothing of the engine but types, because every start of a process pays for it.

// Where compiled code is kept between processes; not the function's business.
delete process.env.NODE_COMPILE_CACHE;

const directory = process.env.LAMBDA_TASK_ROOT ?? "";
const [file = "index", exported = "handler"] = (process.env._HANDLER ?? "").split(".");

// The engine is gone, however it went: leave nothing behind.
process.on("disconnect", () => process.exit(0));

const handler = await loadHandler();
flushCompileCache();
process.on("message", (message: Invoke) => void invoke(message));
tell({ kind: "ready", initMs: performance.now() });

async function loadHandler(): Promise<Handler> {
  const names = [`${file}.mjs`, `${file}.js`, `${file}.cjs`];
  const found = names.find((name) => existsSync(join(directory, name)));
  if (found === undefined)
    throw new Error(`Runtime.ImportModuleError: none of ${names.join(", ")} is in ${directory}.`);
  const module = await import(pathToFileURL(join(directory, found)).href);
  if (typeof module[exported] === "function") return module[exported];
  throw new Error(`Runtime.HandlerNotFound: ${found} exports no function ${exported}.`);
}

async function invoke({ requestId, payload, deadlineMs }: Invoke): Promise<void> {
  const started = performance.now();
  try {
    const result: unknown = await handler(JSON.parse(payload), contextOf(requestId, deadlineMs), () => undefined);
    const text = JSON.stringify(result) ?? "null";
    tell({
      kind: "returned",
      requestId,
      payload: text,
      durationMs: performance.now() - started,
      peakRssBytes: peakRss(),
    });
  } catch (thrown) {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    console.error(error.stack);
    tell({
      kind: "threw",
      requestId,
      errorType: error.name,
      errorMessage: error.message,
      trace: error.stack?.split("\n") ?? [],
      durationMs: performance.now() - started,
      peakRssBytes: peakRss(),
    });
  }
}

function contextOf(requestId: string, deadlineMs: number): Context {
  const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? "";
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${functionName}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? "",
    awsRequestId: requestId,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME ?? "",
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? "",
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** Linux counts the process's own peak; `resourceUsage` would include the parent's, which a child inherits there. */
function peakRss(): number {
  if (process.platform !== "linux") return process.memoryUsage.rss();
  const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
  return Number(peak ?? 0) * 1024;
}

function tell(message: FromProcess): void {
  process.send?.(message);
}
