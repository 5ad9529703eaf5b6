/** How an invocation ended. Times are milliseconds. */
export type Invocation =
  | { kind: "returned"; payload: string; durationMs: number }
  | {
      kind: "failed";
      /** `timeout` and `crash` are ends of the process; `error` was thrown by the handler; `init` never reached it. */
      reason: "error" | "timeout" | "crash" | "init";
      errorType: string;
      errorMessage: string;
      durationMs: number;
    };
