import type { LocalFunction } from "./local-function.ts";

/** Invocations that nobody waits for, repeated when they fail. */
export type AsynchronousInvoker = { invoke(target: LocalFunction, payload: string): void; stop(): void };

/** Waits before the first and the second repeat, as Lambda does. */
const retryMs = [60_000, 120_000];

/** @param retries how often a failed invocation of the function of that name is repeated: 0, 1 or 2 */
export function createAsynchronousInvoker(retries: (functionName: string) => number): AsynchronousInvoker {
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  async function run(target: LocalFunction, payload: string, attempt: number): Promise<void> {
    const invocation = await target.invoke(payload);
    if (invocation.kind === "returned" || attempt >= retries(target.definition.name) || stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void run(target, payload, attempt + 1);
    }, retryMs[attempt]);
    timers.add(timer);
  }

  return {
    invoke: (target, payload) => void run(target, payload, 0),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
